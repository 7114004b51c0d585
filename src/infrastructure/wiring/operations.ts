/** Wires the operator's use cases, and their routes. */
import { ContainerModule } from 'inversify';
import { statsRoutes } from '#adapters/http/operations/stats.routes.ts';
import { PruneStoredResponses } from '#application/operations/prune-stored-responses.ts';
import { ReadStats } from '#application/operations/read-stats.ts';
import { RotateKeys } from '#application/operations/rotate-keys.ts';
import { AuditEntries } from '#application/shared/audit-log.ts';
import { runInBackground } from './run-in-background.ts';
import { tokens } from './tokens.ts';
import { routes, wire } from './wire.ts';

const { adapters, clock, unitOfWork, reads, sessions, cipher } = tokens;
const audit = AuditEntries;

const PRUNE_INTERVAL_MS = 60_000;

export const operationsModule = new ContainerModule(({ bind }) => {
  wire(bind, ReadStats, { reads, sessions, adapters, clock });
  wire(bind, RotateKeys, { unitOfWork, cipher, audit });
  wire(bind, PruneStoredResponses, { unitOfWork, clock });
  runInBackground(bind, PruneStoredResponses, (responses) => ({
    name: 'remove expired idempotency keys',
    everyMs: PRUNE_INTERVAL_MS,
    run: (closing) => responses.execute(closing),
  }));
  routes(bind, statsRoutes, { readStats: ReadStats });
});
