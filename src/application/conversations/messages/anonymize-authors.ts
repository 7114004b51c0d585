/** Removes deleted users as authors from the messages that they left behind, page by page. */
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
   * Runs until no deleted user is pending, or until the current page is done after `closing` is aborted. An interrupted
   * user is started again from the first page by the next call, which is safe because anonymizing is idempotent.
   */
  async execute(closing: AbortSignal): Promise<void> {
    while (!closing.aborted) {
      const userId = await this.#deps.reads.pendingAnonymizations.find();
      if (userId === undefined) return;
      await this.#anonymize(userId, closing);
    }
  }

  /** Each page is a unit of work of its own, so that other units of work do not wait long. */
  async #anonymize(userId: UserId, closing: AbortSignal): Promise<void> {
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
