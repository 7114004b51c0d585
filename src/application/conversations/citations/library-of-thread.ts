/** What conversations need of the library, as a port. */
import type { SourcedAnswer } from '#domain/conversations/citations/sourced-answer.ts';
import type { Thread } from '#domain/conversations/thread.ts';
import type { UserActor } from '#domain/shared/actor.ts';
import type { DocumentId } from '#domain/shared/ids.ts';

type ReadThread = Readonly<{ actor: UserActor; thread: Pick<Thread, 'gameId' | 'workspaceId'> }>;

export interface LibraryOfThread {
  /**
   * Which of these documents may be read at this moment: by the actor, or (`all`) by every member of the thread's game.
   */
  findReadable(
    look: ReadThread & Readonly<{ readers: 'actor' | 'all' }>,
    ids: readonly DocumentId[],
  ): Promise<ReadonlySet<DocumentId>>;
  /**
   * Answers from what everybody who reads the thread may read, and from nothing that they may no longer when a piece of
   * it is told. Where somebody else answers than whose words were told to `onText`, these are void. Throws 503 as
   * finding does.
   */
  answer(
    look: ReadThread,
    question: string,
    listener: Readonly<{ gone: AbortSignal; onText?: (piece: string) => void }>,
  ): Promise<SourcedAnswer>;
}
