/** What makes audit entries, and the use cases of the audit. */
import { ContainerModule } from 'inversify';
import { AuditQueue } from '#application/audit/audit-queue.ts';
import { ExportAudit } from '#application/audit/export-audit.ts';
import { ListAudit } from '#application/audit/list-audit.ts';
import { SealAudit } from '#application/audit/seal-audit.ts';
import { AuditEntries } from '#application/shared/audit-log.ts';
import { tokens } from './tokens.ts';
import { wire } from './wire.ts';

const { clock, ids, unitOfWork, reads, secrets } = tokens;

export const auditModule = new ContainerModule(({ bind }) => {
  wire(bind, AuditEntries, { clock, ids });
  wire(bind, AuditQueue, { unitOfWork, audit: AuditEntries, clock });
  wire(bind, SealAudit, { unitOfWork, reads, secrets });
  wire(bind, ListAudit, { reads });
  wire(bind, ExportAudit, { unitOfWork, reads, audit: AuditEntries });
});
