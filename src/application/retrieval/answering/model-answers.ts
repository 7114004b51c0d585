/** Has the language model answer from passages, and checks what it answers. */
import type { Completion, LanguageModel } from '#application/conversations/language-model.ts';
import { AnswerChecker, type CheckedText } from '#domain/retrieval/answering/citations.ts';
import { answerPrompt, saysNothing } from '#domain/retrieval/answering/prompt.ts';
import type { FoundPassage } from '#domain/retrieval/finding/found-passage.ts';
import type { UserId } from '#domain/shared/ids.ts';
import type { AskLog, ModelOutcome } from './ask-log.ts';

/** Each keeps a connection while it is answered. */
const MAX_OF_ONE_USER = 3;
const MAX_OF_ALL = 32;
const MAX_CHARACTERS = 20_000;

/** Who waits for an answer. */
export type Listener = Readonly<{
  /** Aborted where nobody does any more. */
  gone: AbortSignal;
  /** Called with the sentences of the answer as they are checked. */
  onText?: (piece: string) => void;
}>;

export type Written =
  | Readonly<{ kind: 'answer'; checked: CheckedText }>
  | Readonly<{ kind: 'not_in_passages' | 'no_model' | 'failed' }>;

type Deps = Readonly<{
  /** Null where none is configured. */
  model: LanguageModel | null;
  log: AskLog;
  /** How long an answer may take as a whole, in milliseconds. */
  deadlineMs: number;
}>;

export class ModelAnswers {
  readonly #deps: Deps;
  readonly #asking: UserId[] = [];

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /** Whether one is configured. */
  get isThere(): boolean {
    return this.#deps.model !== null;
  }

  /** Never throws: where the model is away, slow, busy or wrong, there is no answer of its. */
  async write(userId: UserId, asked: Asked, listener: Listener): Promise<Written> {
    const { model } = this.#deps;
    if (model === null) return { kind: 'no_model' };
    const checker = new AnswerChecker(asked.passages);
    const { written, outcome, reason } = this.#isBusy(userId)
      ? failed('busy', null)
      : await this.#ask(model, userId, checker, asked, listener);
    this.#deps.log.modelAsked({ askedBy: userId, outcome, reason, dropped: checker.checked.dropped });
    return written;
  }

  #isBusy(userId: UserId): boolean {
    const own = this.#asking.filter((one) => one === userId).length;
    return own >= MAX_OF_ONE_USER || this.#asking.length >= MAX_OF_ALL;
  }

  async #ask(model: LanguageModel, userId: UserId, checker: AnswerChecker, asked: Asked, listener: Listener) {
    this.#asking.push(userId);
    try {
      const completion = await model.complete({
        messages: answerPrompt(asked.question, asked.passages),
        maxChars: MAX_CHARACTERS,
        signal: AbortSignal.any([listener.gone, AbortSignal.timeout(this.#deps.deadlineMs)]),
        onText: (piece) => tell(listener, checker.add(piece)),
      });
      tell(listener, checker.end());
      return judged(completion, checker.checked);
    } finally {
      this.#asking.splice(this.#asking.indexOf(userId), 1);
    }
  }
}

type Asked = Readonly<{ question: string; passages: readonly FoundPassage[] }>;

function tell({ onText }: Listener, piece: string): void {
  // What is to be no answer at all is told as such.
  if (piece !== '' && !saysNothing(piece)) onText?.(piece);
}

function judged(completion: Completion, checked: CheckedText) {
  if (completion.kind !== 'answer') return failed('failed', completion.kind);
  if (saysNothing(completion.text)) return outcomeOf({ kind: 'not_in_passages' }, 'not_in_passages', null);
  if (completion.finishReason !== 'stop') return failed('failed', completion.finishReason);
  if (checked.cited.length === 0) return failed('uncited', null);
  return outcomeOf({ kind: 'answer', checked }, 'answered', null);
}

function failed(outcome: ModelOutcome, reason: string | null) {
  return outcomeOf({ kind: 'failed' }, outcome, reason);
}

function outcomeOf(written: Written, outcome: ModelOutcome, reason: string | null) {
  return { written, outcome, reason };
}
