/** What makes audit entries, and the use cases of the audit. */
import { ContainerModule } from 'inversify';
import { AuditedFailures } from '#application/audit/audited-failures.ts';
import { ExportAudit } from '#application/audit/export-audit.ts';
import { ListAudit } from '#application/audit/list-audit.ts';
import { SealAudit } from '#application/audit/seal-audit.ts';
import { Audit } from '#application/shared/audit-log.ts';
import { tokens } from '../tokens.ts';
import { wire } from '../wire.ts';

const { clock, ids, unitOfWork, reads, secrets } = tokens;

export const auditModule = new ContainerModule(({ bind }) => {
  wire(bind, Audit, { clock, ids });
  wire(bind, AuditedFailures, { unitOfWork, audit: Audit, clock });
  wire(bind, SealAudit, { unitOfWork, reads, secrets });
  wire(bind, ListAudit, { reads });
  wire(bind, ExportAudit, { unitOfWork, reads, audit: Audit });
});
