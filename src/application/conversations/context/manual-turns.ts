/** Bounds the compactions by hand and their rehearsals: each keeps a whole window in memory while it runs. */
import { KeyedMutex } from '#application/shared/turns/keyed-mutex.ts';
import { conversationErrors } from '#domain/conversations/errors.ts';
import type { UserId } from '#domain/shared/ids.ts';

/** Of one user one runs, and the others wait. */
const MAX_OF_ONE_USER = 4;
/** Of all users together, whether they run or wait. */
const MAX_OF_ALL = 20;

export class ManualTurns {
  readonly #mutex = new KeyedMutex();
  readonly #users: UserId[] = [];

  /** Runs `work` after the user's earlier ones. Throws 503 `compaction_busy` where too many wait. */
  async run<T>(userId: UserId, work: () => Promise<T>): Promise<T> {
    const own = this.#users.filter((one) => one === userId).length;
    if (own >= MAX_OF_ONE_USER || this.#users.length >= MAX_OF_ALL) throw conversationErrors.compactionBusy();
    this.#users.push(userId);
    try {
      return await this.#mutex.run(userId, work);
    } finally {
      this.#users.splice(this.#users.indexOf(userId), 1);
    }
  }
}
