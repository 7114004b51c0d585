/** What makes audit entries, and the use cases of the audit. */
import { ContainerModule } from 'inversify';
import { Audit } from '#application/shared/audit-log.ts';
import { tokens } from '../tokens.ts';
import { wire } from '../wire.ts';

const { clock, ids } = tokens;

export const auditModule = new ContainerModule(({ bind }) => {
  wire(bind, Audit, { clock, ids });
});
