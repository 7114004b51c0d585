/** What the operator is told of questions, as a port. */
import type { Dropped } from '#domain/retrieval/answering/citations.ts';
import type { UserId } from '#domain/shared/ids.ts';

/** `books_for_model`: the model had no answer that its passages bear. */
export const ASK_OUTCOMES = ['books', 'model', 'books_for_model', 'not_in_your_books'] as const;
export type AskOutcome = (typeof ASK_OUTCOMES)[number];

/** Why a model's answer is not the one that is given; else `answered`. */
export const MODEL_OUTCOMES = ['answered', 'not_in_passages', 'uncited', 'failed', 'busy'] as const;
export type ModelOutcome = (typeof MODEL_OUTCOMES)[number];

export interface AskLog {
  /** `findMs`: until the passages were found; `answerMs`: from then on. */
  asked(ask: Readonly<{ askedBy: UserId; outcome: AskOutcome; findMs: number; answerMs: number }>): void;
  /** `reason`: how the model failed; null where it did not. */
  modelAsked(ask: Readonly<{ askedBy: UserId; outcome: ModelOutcome; reason: string | null; dropped: Dropped }>): void;
}
