/** Ends the session that a request came with. */
import type { AuditEntries, AuditLog } from '#application/shared/audit-log.ts';
import type { UnitOfWork } from '#application/shared/unit-of-work.ts';
import type { UserActor } from '#domain/shared/actor.ts';
import type { Secrets, Sessions } from '../ports.ts';
import type { UserTraces } from './user-traces.ts';

type Deps = Readonly<{
  unitOfWork: UnitOfWork<{ audit: AuditLog }>;
  sessions: Sessions;
  secrets: Secrets;
  traces: Pick<UserTraces, 'remove'>;
  audit: AuditEntries;
}>;

export class SignOut {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /**
   * `actor` is whom the request came from; null if its session, or whatever else it had, is nobody's. Nothing happens
   * where the secret is nobody's, or null. Where the secret is that of the actor's session, its end is audited first.
   */
  async execute(actor: UserActor | null, secret: string | null): Promise<void> {
    if (secret === null) return;
    const { unitOfWork, sessions, secrets, traces, audit } = this.#deps;
    if (actor !== null && actor.sessionId !== null) {
      const entry = audit.by(actor, { action: 'sessions.end', subject: `session:${actor.sessionId}` });
      await unitOfWork.run((repos) => repos.audit.add(entry));
    }
    await sessions.end(secrets.digest(secret));
    if (actor !== null) await traces.remove(actor.userId);
  }
}
