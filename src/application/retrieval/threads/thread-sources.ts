/** What a conversation may use of the library, for whoever reads it. */
import type { Documents } from '#application/library/documents/ports.ts';
import type { Thread } from '#domain/conversations/thread.ts';
import type { UserActor } from '#domain/shared/actor.ts';
import type { DocumentId } from '#domain/shared/ids.ts';
import type { Answered, AnswerQuestion } from '../answering/answer-question.ts';
import type { Listener } from '../answering/model-answers.ts';
import type { PresentReaders } from '../finding/present-readers.ts';
import { type TimelessReader, timelessReader } from '../finding/reader-of.ts';

/** The actor alone; or everybody who reads the thread, which is the actor where it is of no game. */
type ThreadReaders = 'actor' | 'all';

/** A look into the library on behalf of whoever reads a thread. */
type Look = Readonly<{ actor: UserActor; thread: Pick<Thread, 'gameId' | 'workspaceId'>; readers: ThreadReaders }>;

/** As many as `POST /ask` finds. */
const PASSAGES = 8;

type Deps = Readonly<{
  readers: PresentReaders;
  reads: Readonly<{ documents: Pick<Documents, 'findReadableIds'> }>;
  answerQuestion: AnswerQuestion;
}>;

export class ThreadSources {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /** Which of these documents may be read at this moment, from whichever workspace of the actor they are. */
  async findReadable(look: Look, ids: readonly DocumentId[]): Promise<ReadonlySet<DocumentId>> {
    if (ids.length === 0) return new Set();
    const { readers, reads } = this.#deps;
    const reader = await readers.now(look.actor, readerFor(look));
    return reads.documents.findReadableIds(ids, reader);
  }

  /**
   * Answers from what everybody who reads the thread may read of its workspace. Throws as `AnswerQuestion` does.
   */
  answer(look: Omit<Look, 'readers'>, question: string, listener: Listener): Promise<Answered> {
    const { actor, thread } = look;
    const reader = { ...readerFor({ ...look, readers: 'all' }), workspaces: [thread.workspaceId] };
    const readerNow = () => this.#deps.readers.now(actor, reader);
    const asked = { question, sourceIds: null, limit: PASSAGES, askedBy: actor.userId, readerNow };
    return this.#deps.answerQuestion.execute(asked, listener);
  }
}

function readerFor({ actor, thread: { gameId }, readers }: Look): TimelessReader {
  const workspaces = actor.workspaces.map(({ id }) => id);
  return { ...timelessReader(workspaces, actor), gameId, everyMemberOf: readers === 'all' ? gameId : null };
}
