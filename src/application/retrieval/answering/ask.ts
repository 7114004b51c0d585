/** Answers a question from the passages that the actor may read now, and cites them. */

import { isAnsweredBy } from '#domain/retrieval/answering/coverage.ts';
import { extractedAnswer } from '#domain/retrieval/answering/extract.ts';
import type { FoundPassage } from '#domain/retrieval/finding/found-passage.ts';
import type { UserActor } from '#domain/shared/actor.ts';
import type { FindInput } from '../finding/find-passages.ts';
import type { Found, PassageFinder } from '../finding/passage-finder.ts';
import { type ReaderDeps, readerOf } from '../finding/reader-of.ts';
import type { AskLog, AskOutcome } from './ask-log.ts';
import type { Listener, ModelAnswers } from './model-answers.ts';

export type Answered = Readonly<{
  /** Null where the passages do not answer: they are the nearest that there are. */
  answer: string | null;
  /** Numbers of the passages that it cites, from 1, in the order in which it does. */
  cited: readonly number[];
  passages: readonly FoundPassage[];
  /** Who wrote it: the books, whose own sentences it is made of, or the language model; null where there is none. */
  writtenBy: 'books' | 'model' | null;
}>;

type Deps = ReaderDeps & Readonly<{ finder: PassageFinder; modelAnswers: ModelAnswers; log: AskLog }>;

export class Ask {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /**
   * Where the model has no answer that its passages bear, the books answer in its place: what was told to `onText`
   * before is void. Throws as `readerOf` and `PassageFinder` do.
   */
  async execute(actor: UserActor, { gameId, workspaceId, ...input }: FindInput, listener: Listener): Promise<Answered> {
    const { finder, clock, log } = this.#deps;
    const reader = await readerOf(this.#deps, actor, { gameId, workspaceId });
    const startedMs = clock.now().getTime();
    const found = await finder.find({ ...input, reader });
    const foundMs = clock.now().getTime();
    const { answered, outcome } = await this.#answer(actor, input.question, found, listener);
    log.asked({
      askedBy: actor.userId,
      outcome,
      findMs: foundMs - startedMs,
      answerMs: clock.now().getTime() - foundMs,
    });
    return answered;
  }

  async #answer(actor: UserActor, question: string, { passages, words }: Found, listener: Listener) {
    const { modelAnswers } = this.#deps;
    if (!isAnsweredBy(passages, words)) return unanswered(passages);
    const written = await modelAnswers.write(actor.userId, { question, passages }, listener);
    if (written.kind === 'not_in_passages') return unanswered(passages);
    if (written.kind === 'answer') {
      const { text, cited } = written.checked;
      return told({ answer: text, cited, passages, writtenBy: 'model' }, 'model');
    }
    const excerpts = extractedAnswer(passages, words);
    return told(
      { answer: excerpts.text, cited: excerpts.cited, passages, writtenBy: 'books' },
      written.kind === 'no_model' ? 'books' : 'books_for_model',
    );
  }
}

function unanswered(passages: readonly FoundPassage[]) {
  return told({ answer: null, cited: [], passages, writtenBy: null }, 'not_in_your_books');
}

function told(answered: Answered, outcome: AskOutcome) {
  return { answered, outcome };
}
