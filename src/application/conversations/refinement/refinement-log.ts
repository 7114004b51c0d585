/** What the operator is told of refinements, as a port. */
import type { ThreadId } from '#domain/shared/ids.ts';

/**
 * `refined`, or why not: the model has failed or was not asked because it had (`failed`, `paused`), its answer is not
 * to be believed (`cut_off` to `invented_quote`), the thread has gone on without it (`overtaken`), there is more than
 * the model can be sent (`too_much`), it stands on answers that cite the library (`cites`), or another process does it
 * (`elsewhere`).
 */
export const REFINEMENT_OUTCOMES = [
  'refined',
  'failed',
  'paused',
  'cut_off',
  'empty',
  'error',
  'too_long',
  'invented_quote',
  'overtaken',
  'too_much',
  'cites',
  'elsewhere',
] as const;

export type RefinementOutcome = (typeof REFINEMENT_OUTCOMES)[number];

export type EndedRefinement = Readonly<{
  threadId: ThreadId;
  outcome: RefinementOutcome;
  ms: number;
  /** Tokens of the window before and after it; null where it did not change. */
  beforeTokens: number | null;
  afterTokens: number | null;
}>;

export interface RefinementLog {
  ended(refinement: EndedRefinement): void;
}
