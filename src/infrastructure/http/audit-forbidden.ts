/** Tells the audit of every access that was refused. */
import type { Container } from 'inversify';
import type { RefusedAccess } from '#adapters/http/pipeline/serve.ts';
import { AuditQueue } from '#application/audit/audit-queue.ts';
import { AuditEntries } from '#application/shared/audit-log.ts';

export function auditForbidden(container: Container): (access: RefusedAccess) => void {
  const [failures, audit] = [container.get(AuditQueue), container.get(AuditEntries)];
  return ({ actor, origin, method, route, code }) => {
    const audited = {
      action: 'access.refuse',
      subject: `route:${method} ${route}`,
      outcome: 'refused',
      after: { code },
    } as const;
    failures.enqueue(actor === null ? audit.anonymous(origin, audited) : audit.by(actor, audited));
  };
}
