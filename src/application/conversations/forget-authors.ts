/** Takes the names of deleted users off what they said, a page of the transcript at a time. */
import type { UserId } from '#domain/shared/ids.ts';
import type { UnitOfWork } from '../shared/unit-of-work.ts';
import type { FormerAuthors, TranscriptCursor } from './ports.ts';

type Deps = Readonly<{
  unitOfWork: UnitOfWork<{ formerAuthors: FormerAuthors }>;
  reads: Readonly<{ formerAuthors: Pick<FormerAuthors, 'find'> }>;
}>;

export class ForgetAuthors {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /** Ends when no deleted user is left to be forgotten. What a kill interrupts begins again with the next call. */
  async execute(): Promise<void> {
    for (;;) {
      const userId = await this.#deps.reads.formerAuthors.find();
      if (userId === undefined) return;
      await this.#forget(userId);
    }
  }

  /** Each page is a unit of work of its own, so that nobody waits long behind it. */
  async #forget(userId: UserId): Promise<void> {
    const { unitOfWork } = this.#deps;
    let cursor: TranscriptCursor | null = null;
    do {
      const from: TranscriptCursor | null = cursor;
      cursor = await unitOfWork.run(({ formerAuthors }) => formerAuthors.forgetPage(userId, from));
    } while (cursor !== null);
    await unitOfWork.run(({ formerAuthors }) => formerAuthors.remove(userId));
  }
}
