/** Takes the names of deleted users off what they said, a page of the transcript at a time. */

import type { UnitOfWork } from '#application/shared/unit-of-work.ts';
import type { UserId } from '#domain/shared/ids.ts';
import type { PendingAnonymizations, TranscriptCursor } from '../ports.ts';

type Deps = Readonly<{
  unitOfWork: UnitOfWork<{ pendingAnonymizations: PendingAnonymizations }>;
  reads: Readonly<{ pendingAnonymizations: Pick<PendingAnonymizations, 'find'> }>;
}>;

export class AnonymizeAuthors {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /**
   * Ends when no deleted user is left to be forgotten, or after the page at which `closing` is aborted. What that or a kill interrupts
   * begins again with the next call.
   */
  async execute(closing: AbortSignal): Promise<void> {
    while (!closing.aborted) {
      const userId = await this.#deps.reads.pendingAnonymizations.find();
      if (userId === undefined) return;
      await this.#forget(userId, closing);
    }
  }

  /** Each page is a unit of work of its own, so that nobody waits long behind it. */
  async #forget(userId: UserId, closing: AbortSignal): Promise<void> {
    const { unitOfWork } = this.#deps;
    let cursor: TranscriptCursor | null = null;
    do {
      if (closing.aborted) return;
      const from: TranscriptCursor | null = cursor;
      cursor = await unitOfWork.run(({ pendingAnonymizations }) => pendingAnonymizations.anonymizePage(userId, from));
    } while (cursor !== null);
    await unitOfWork.run(({ pendingAnonymizations }) => pendingAnonymizations.remove(userId));
  }
}
