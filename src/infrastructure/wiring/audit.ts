/** Wires the audit context: its entries, queue, use cases and routes. */
import { ContainerModule } from 'inversify';
import { auditRoutes } from '#adapters/http/operations/audit.routes.ts';
import { AuditQueue } from '#application/audit/audit-queue.ts';
import { ExportAudit } from '#application/audit/export-audit.ts';
import { ListAudit } from '#application/audit/list-audit.ts';
import { SealAudit } from '#application/audit/seal-audit.ts';
import { VerifyAudit } from '#application/audit/verify-audit.ts';
import { AuditEntries } from '#application/shared/audit-log.ts';
import { tokens } from './tokens.ts';
import { routes, wire } from './wire.ts';

const { clock, ids, unitOfWork, reads, secrets } = tokens;
const audit = AuditEntries;

export const auditModule = new ContainerModule(({ bind }) => {
  wire(bind, AuditEntries, { clock, ids });
  wire(bind, AuditQueue, { unitOfWork, audit, clock });
  wire(bind, SealAudit, { unitOfWork, reads, secrets });
  wire(bind, VerifyAudit, { reads, secrets });
  wire(bind, ListAudit, { reads });
  wire(bind, ExportAudit, { unitOfWork, reads, audit });
  routes(bind, auditRoutes, { listAudit: ListAudit, exportAudit: ExportAudit });
});
