/** Tells the audit of every access that was refused. */
import type { Container } from 'inversify';
import type { RefusedAccess } from '#adapters/http/serve.ts';
import { AuditedFailures } from '#application/audit/audited-failures.ts';
import { Audit } from '#application/shared/audit-log.ts';

export function auditingRefusals(container: Container): (access: RefusedAccess) => void {
  const [failures, audit] = [container.get(AuditedFailures), container.get(Audit)];
  return ({ actor, origin, method, route, code }) => {
    const audited = {
      action: 'access.refuse',
      subject: `route:${method} ${route}`,
      outcome: 'refused',
      after: { code },
    } as const;
    failures.note(actor === null ? audit.anonymous(origin, audited) : audit.by(actor, audited));
  };
}
