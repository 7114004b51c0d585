/** Answers a question from what a reader may read at each moment, and cites it. */
import type { Documents } from '#application/library/documents/ports.ts';
import type { Clock } from '#application/shared/clock.ts';
import type { LibraryReader } from '#domain/library/library-reader.ts';
import { isAnsweredBy } from '#domain/retrieval/answering/coverage.ts';
import { extractedAnswer } from '#domain/retrieval/answering/extract.ts';
import type { FoundPassage } from '#domain/retrieval/finding/found-passage.ts';
import type { SourceId, UserId } from '#domain/shared/ids.ts';
import type { PassageFinder } from '../finding/passage-finder.ts';
import type { AskLog, AskOutcome } from './ask-log.ts';
import type { Listener, ModelAnswers, Written } from './model-answers.ts';
import { SourceGate } from './source-gate.ts';

export type Answered = Readonly<{
  /** Null where the passages do not answer: they are the nearest that there are. */
  answer: string | null;
  /** Numbers of the passages that it cites, from 1, in the order in which it does. */
  cited: readonly number[];
  passages: readonly FoundPassage[];
  /** Who wrote it: the books, whose own sentences it is made of, or the language model; null where there is none. */
  writtenBy: 'books' | 'model' | null;
  /** How many passages whoever asked would be answered from, were they the only one who reads it. */
  leftOut: number;
}>;

export type Question = Readonly<{
  question: string;
  sourceIds: readonly SourceId[] | null;
  limit: number;
  askedBy: UserId;
  /** Who reads the answer, with the rights of the moment at which it is asked. */
  readerNow: () => Promise<LibraryReader>;
}>;

type Deps = Readonly<{
  finder: PassageFinder;
  reads: Readonly<{ documents: Pick<Documents, 'findReadableIds'> }>;
  modelAnswers: ModelAnswers;
  log: AskLog;
  clock: Clock;
}>;

/** An answer, and what the log has of how it came to be. */
type Attempt = Readonly<{ answered: Answered; outcome: AskOutcome; findMs: number }>;

export class AnswerQuestion {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /**
   * Where the model has no answer that its passages bear, the books answer in its place: what was told to `onText`
   * before is void. So they do where a passage may no longer be read while the model writes: nothing more is told of
   * its answer, and the question is looked up anew. Throws as `PassageFinder` does.
   */
  async execute(asked: Question, listener: Listener): Promise<Answered> {
    const { clock, log } = this.#deps;
    const startedMs = clock.now().getTime();
    const { answered, outcome, findMs } =
      (await this.#attempt(asked, listener)) ?? (await this.#attempt(asked, listener, { fromBooks: true }))!;
    const answerMs = clock.now().getTime() - startedMs - findMs;
    log.asked({ askedBy: asked.askedBy, outcome, findMs, answerMs });
    return answered;
  }

  /** Undefined where what it would be made of may not be read any more. */
  async #attempt(asked: Question, listener: Listener, { fromBooks = false } = {}): Promise<Attempt | undefined> {
    const { clock, modelAnswers } = this.#deps;
    const startedMs = clock.now().getTime();
    const { passages, words, byMeaning, leftOut } = await this.#find(asked);
    const findMs = clock.now().getTime() - startedMs;
    const told = (answer: Pick<Answered, 'answer' | 'cited' | 'writtenBy'>, outcome: AskOutcome) => ({
      answered: { ...answer, passages, leftOut },
      outcome,
      findMs,
    });
    const hasWords = isAnsweredBy(passages, words);
    // What is found by its meaning need not have the words: a model can tell whether it answers.
    if (!hasWords && !(byMeaning && passages.length > 0 && modelAnswers.isThere))
      return told(NO_ANSWER, 'not_in_your_books');
    const written = fromBooks ? FAILED : await this.#written(asked, passages, listener);
    if (written === undefined) return undefined;
    if (written.kind === 'not_in_passages' || (written.kind !== 'answer' && !hasWords))
      return told(NO_ANSWER, 'not_in_your_books');
    if (written.kind === 'answer') {
      const { text, cited } = written.checked;
      return told({ answer: text, cited, writtenBy: 'model' }, 'model');
    }
    const { text, cited } = extractedAnswer(passages, words);
    const outcome = written.kind === 'no_model' ? 'books' : 'books_for_model';
    return told({ answer: text, cited, writtenBy: 'books' }, outcome);
  }

  /** What every reader may read, and how much more whoever asked would have found for themselves. */
  async #find({ question, sourceIds, limit, readerNow }: Question) {
    const { finder } = this.#deps;
    const reader = await readerNow();
    const found = await finder.find({ question, sourceIds, limit, reader });
    if (reader.everyMemberOf === null) return { ...found, leftOut: 0 };
    const own = await finder.find({ question, sourceIds, limit, reader: { ...reader, everyMemberOf: null } });
    const shared = await this.#readable(own.passages, reader);
    return { ...found, leftOut: own.passages.filter(({ documentId }) => !shared.has(documentId)).length };
  }

  /** What the model writes; undefined where it may no longer be told. */
  async #written(
    { question, askedBy, readerNow }: Question,
    passages: readonly FoundPassage[],
    listener: Listener,
  ): Promise<Written | undefined> {
    const isOpen = async () => {
      const readable = await this.#readable(passages, await readerNow());
      return passages.every(({ documentId }) => readable.has(documentId));
    };
    const gate = new SourceGate({ isOpen, listener });
    const written = await this.#deps.modelAnswers.write(askedBy, { question, passages }, gate.listener);
    return written.kind === 'no_model' || (await gate.end()) ? written : undefined;
  }

  #readable(passages: readonly FoundPassage[], reader: LibraryReader) {
    const ids = [...new Set(passages.map(({ documentId }) => documentId))];
    return this.#deps.reads.documents.findReadableIds(ids, reader);
  }
}

const NO_ANSWER = { answer: null, cited: [], writtenBy: null };
const FAILED: Written = { kind: 'failed' };
