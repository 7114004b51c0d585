/** Wires the operator's use cases, and their routes. */
import { ContainerModule } from 'inversify';
import { statsRoutes } from '#adapters/http/operations/stats.routes.ts';
import { ReadStats } from '#application/operations/read-stats.ts';
import { RotateKeys } from '#application/operations/rotate-keys.ts';
import { AuditEntries } from '#application/shared/audit-log.ts';
import { tokens } from './tokens.ts';
import { routes, wire } from './wire.ts';

const { adapters, clock, unitOfWork, reads, sessions, cipher } = tokens;
const audit = AuditEntries;

export const operationsModule = new ContainerModule(({ bind }) => {
  wire(bind, ReadStats, { reads, sessions, adapters, clock });
  wire(bind, RotateKeys, { unitOfWork, cipher, audit });
  routes(bind, statsRoutes, { readStats: ReadStats });
});
