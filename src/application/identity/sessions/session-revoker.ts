/**
 * Ends the sessions of a user whose epoch has just risen, or who is gone: what is left to do once that is committed.
 */

import type { Clock } from '#application/shared/clock.ts';
import type { User } from '#domain/identity/user.ts';
import type { SessionId } from '#domain/shared/ids.ts';
import type { Sessions } from '../ports.ts';
import type { UserTraces } from './user-traces.ts';

type Deps = Readonly<{
  sessions: Pick<Sessions, 'endByUser'>;
  traces: Pick<UserTraces, 'remove'>;
  clock: Clock;
}>;

export class SessionRevoker {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /**
   * `user` as committed, or as deleted. From here on no session of an earlier epoch opens anything, those included that
   * are just beginning. The session `retained` goes on in the new epoch. Answers how many ended that had opened
   * something until now.
   */
  async revokeAll(user: User, retained: SessionId | null = null): Promise<number> {
    const { sessions, traces, clock } = this.#deps;
    const stays = retained === null ? undefined : { id: retained, epoch: user.sessionEpoch };
    const ended = await sessions.endByUser(user.id, clock.now(), stays);
    await traces.remove(user.id);
    return ended.filter((session) => session.epoch === user.sessionEpoch - 1).length;
  }
}
