/** Bounds the imports that are under way in this process: each holds a page and a window in memory. */
import { conversationErrors } from '#domain/conversations/errors.ts';
import type { UserId } from '#domain/shared/ids.ts';

const MAX_OF_ALL = 8;

export class ImportTurns {
  readonly #users = new Set<UserId>();

  /** Runs `work`. Throws 503 `imports_busy` while one of the user's is under way, or too many are. */
  async run<T>(userId: UserId, work: () => Promise<T>): Promise<T> {
    if (this.#users.has(userId) || this.#users.size >= MAX_OF_ALL) throw conversationErrors.importsBusy();
    this.#users.add(userId);
    try {
      return await work();
    } finally {
      this.#users.delete(userId);
    }
  }
}
