/** Records refused accesses in the audit log. */
import type { Container } from 'inversify';
import type { RefusedAccess } from '#adapters/http/pipeline/serve.ts';
import { AuditQueue } from '#application/audit/audit-queue.ts';
import { AuditEntries } from '#application/shared/audit-log.ts';

/**
 * Returns the listener for refused accesses. It only queues an audit entry, so that a refusal never waits for a write.
 */
export function auditForbidden(container: Container): (access: RefusedAccess) => void {
  const [queue, audit] = [container.get(AuditQueue), container.get(AuditEntries)];
  return ({ actor, origin, method, route, code }) => {
    const audited = {
      action: 'access.refuse',
      subject: `route:${method} ${route}`,
      outcome: 'refused',
      after: { code },
    } as const;
    queue.enqueue(actor === null ? audit.anonymous(origin, audited) : audit.by(actor, audited));
  };
}
