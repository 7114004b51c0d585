/** Ends one of an actor's own sessions, by its public id. */
import { identityErrors } from '#domain/identity/errors.ts';
import type { Actor } from '#domain/shared/actor.ts';
import type { SessionId } from '#domain/shared/ids.ts';
import type { Audit, AuditLog } from '../shared/audit-log.ts';
import type { Clock } from '../shared/clock.ts';
import type { UnitOfWork } from '../shared/unit-of-work.ts';
import type { Sessions } from './ports.ts';

type Deps = Readonly<{ unitOfWork: UnitOfWork<{ audit: AuditLog }>; sessions: Sessions; audit: Audit; clock: Clock }>;

export class EndSession {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /** Throws 404 `session_not_found` also where the session is somebody else's. */
  async execute(actor: Actor, id: SessionId): Promise<void> {
    const { unitOfWork, sessions, audit, clock } = this.#deps;
    const own = await sessions.listOf(actor.userId, clock.now());
    const session = own.find((one) => one.id === id);
    if (session === undefined) throw identityErrors.sessionNotFound();
    await sessions.end(session.digest);
    const entry = audit.by(actor, { action: 'sessions.end', subject: `session:${id}` });
    await unitOfWork.run((repos) => repos.audit.add(entry));
  }
}
