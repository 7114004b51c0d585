/** Wires the audit context: its entries, queue, use cases and routes. */
import { ContainerModule } from 'inversify';
import { auditRoutes } from '#adapters/http/operations/audit.routes.ts';
import { AuditQueue } from '#application/audit/audit-queue.ts';
import { ExportAudit } from '#application/audit/export-audit.ts';
import { ListAudit } from '#application/audit/list-audit.ts';
import { SealAudit } from '#application/audit/seal-audit.ts';
import { VerifyAudit } from '#application/audit/verify-audit.ts';
import { AuditEntries } from '#application/shared/audit-log.ts';
import { runInBackground } from './run-in-background.ts';
import { tokens } from './tokens.ts';
import { routes, wire } from './wire.ts';

const { clock, ids, unitOfWork, reads, secrets } = tokens;
const audit = AuditEntries;

/** Half of the second within which an audit entry is sealed. */
const SEAL_INTERVAL_MS = 500;

export const auditModule = new ContainerModule(({ bind }) => {
  wire(bind, AuditEntries, { clock, ids });
  wire(bind, AuditQueue, { unitOfWork, audit, clock });
  wire(bind, SealAudit, { unitOfWork, reads, secrets });
  wire(bind, VerifyAudit, { reads, secrets });
  wire(bind, ListAudit, { reads });
  wire(bind, ExportAudit, { unitOfWork, reads, audit });
  // Before the seal, so that at the end it seals what the queue has written.
  runInBackground(bind, AuditQueue, (queue) => ({
    name: 'write queued audit entries',
    everyMs: SEAL_INTERVAL_MS,
    run: () => queue.flush(),
    finish: () => queue.close(),
  }));
  runInBackground(bind, SealAudit, (seal) => ({
    name: 'seal the audit',
    everyMs: SEAL_INTERVAL_MS,
    run: () => seal.execute(),
    finish: () => seal.execute(),
  }));
  routes(bind, auditRoutes, { listAudit: ListAudit, exportAudit: ExportAudit });
});
