/** Ends one of an actor's own sessions, by its public id. */

import type { AuditEntries, AuditLog } from '#application/shared/audit-log.ts';
import type { Clock } from '#application/shared/clock.ts';
import type { UnitOfWork } from '#application/shared/unit-of-work.ts';
import { identityErrors } from '#domain/identity/errors.ts';
import type { UserActor } from '#domain/shared/actor.ts';
import type { SessionId } from '#domain/shared/ids.ts';
import type { Sessions } from '../ports.ts';

type Deps = Readonly<{
  unitOfWork: UnitOfWork<{ audit: AuditLog }>;
  sessions: Sessions;
  audit: AuditEntries;
  clock: Clock;
}>;

export class EndSession {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /** Throws 404 `session_not_found` also where the session is somebody else's. */
  async execute(actor: UserActor, id: SessionId): Promise<void> {
    const { unitOfWork, sessions, audit, clock } = this.#deps;
    const own = await sessions.listByUser(actor.userId, clock.now());
    const session = own.find((one) => one.id === id);
    if (session === undefined) throw identityErrors.sessionNotFound();
    const entry = audit.by(actor, { action: 'sessions.end', subject: `session:${id}` });
    // First: what the audit cannot record does not happen. A session that then fails to end can be ended again.
    await unitOfWork.run((repos) => repos.audit.add(entry));
    await sessions.end(session.digest);
  }
}
