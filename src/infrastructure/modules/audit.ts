/** What makes audit entries, and the use cases of the audit. */
import { ContainerModule } from 'inversify';
import { AuditedFailures } from '#application/audit/audited-failures.ts';
import { Audit } from '#application/shared/audit-log.ts';
import { tokens } from '../tokens.ts';
import { wire } from '../wire.ts';

const { clock, ids, unitOfWork } = tokens;

export const auditModule = new ContainerModule(({ bind }) => {
  wire(bind, Audit, { clock, ids });
  wire(bind, AuditedFailures, { unitOfWork, audit: Audit, clock });
});
