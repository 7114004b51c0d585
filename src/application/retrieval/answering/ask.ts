/** Answers a question from the passages that the actor may read now, and cites them. */
import type { TakeAsk } from '#application/workspaces/take-ask.ts';
import type { UserActor } from '#domain/shared/actor.ts';
import type { FindInput } from '../finding/find-passages.ts';
import type { PresentReaders } from '../finding/present-readers.ts';
import { type ReaderDeps, readerOf } from '../finding/reader-of.ts';
import type { Answered, AnswerQuestion } from './answer-question.ts';
import type { Listener } from './model-answers.ts';

/** Who reads the answer: the actor alone, or all members of the game that they ask about. */
export type AskInput = FindInput & Readonly<{ readBy: 'me' | 'members' }>;

type Deps = ReaderDeps & Readonly<{ answerQuestion: AnswerQuestion; readers: PresentReaders; takeAsk: TakeAsk }>;

export class Ask {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /** Throws as `readerOf`, `TakeAsk` and `AnswerQuestion` do. */
  async execute(actor: UserActor, { gameId, workspaceId, readBy, ...input }: AskInput, listener: Listener) {
    const { answerQuestion, readers, takeAsk } = this.#deps;
    const reader = await readerOf(this.#deps, actor, { gameId, workspaceId });
    for (const id of reader.workspaces) await takeAsk.execute(id);
    const everyMemberOf = readBy === 'members' ? gameId : null;
    const readerNow = () => readers.now(actor, { ...reader, everyMemberOf });
    const question = { ...input, askedBy: actor.userId, readerNow };
    return answerQuestion.execute(question, listener) satisfies Promise<Answered>;
  }
}
