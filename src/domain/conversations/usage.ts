/** Measures how full a window is: the same number drives the meter, the trigger and the refusal of messages. */

export const ESTIMATOR_NAMES = ['chars_div_4', 'cl100k_base', 'o200k_base'] as const;
export type EstimatorName = (typeof ESTIMATOR_NAMES)[number];

/**
 * Counts text. Sizes are additive and in the estimator's own unit: UTF-16 code units for `chars_div_4`, tokens for a
 * real vocabulary. Tokens are computed from a sum of sizes, so that rounding happens once per window.
 */
export type Estimator = Readonly<{
  name: EstimatorName;
  /** Returns the size of a text. */
  size(text: string): number;
  /** Returns the approximate number of tokens of a total size. */
  tokens(size: number): number;
  /** Returns the largest size that counts as at most `tokens` tokens. */
  sizeOfTokens(tokens: number): number;
}>;

/** The default estimator: UTF-16 code units divided by four, which needs no vocabulary. */
export const charsDiv4: Estimator = {
  name: 'chars_div_4',
  size: (text) => text.length,
  tokens: (size) => Math.floor(size / 4),
  sizeOfTokens: (tokens) => tokens * 4 + 3,
};

/** The limits of a window. */
export type Budget = Readonly<{
  maxTokens: number;
  /** More entries than this start a compaction, whatever their size. */
  maxEntries: number;
  /** The percentage of `maxTokens` at which an append compacts first. */
  triggerPct: number;
  /** The percentage of `maxTokens` that a compaction leads down to. */
  targetPct: number;
}>;

/** The reading of the meter. All percentages are of `maxTokens`. */
export type Usage = Readonly<{
  /** Messages in the transcript. */
  messageCount: number;
  /** Entries in the window. */
  entryCount: number;
  maxEntries: number;
  approxTokens: number;
  maxTokens: number;
  /** Rounded to a whole number; may be over 100. */
  usagePct: number;
  /** The trigger; `nextCompactAtPct` is the same number. */
  thresholdPct: number;
  nextCompactAtPct: number;
  targetPct: number;
  /** Whether the window is at the trigger already. */
  compactionPending: boolean;
  estimator: EstimatorName;
  /** The head revision; 0 before the first compaction. */
  revision: number;
}>;

/** The totals of a window from which its usage is computed. `size` is in the estimator's unit. */
export type Load = Readonly<{ size: number; entryCount: number; messageCount: number; revision: number }>;

/**
 * Returns the percentage of the budget that a size takes, rounded. Every comparison with a percentage uses this number.
 */
export function usagePct(size: number, budget: Budget, estimator: Estimator): number {
  return Math.round((estimator.tokens(size) / budget.maxTokens) * 100);
}

/** Whether a window of this size and number of entries must be compacted before it can be committed. */
export function atTrigger(size: number, entryCount: number, budget: Budget, estimator: Estimator): boolean {
  return entryCount > budget.maxEntries || usagePct(size, budget, estimator) >= budget.triggerPct;
}

export function usageOf(load: Load, budget: Budget, estimator: Estimator): Usage {
  return {
    messageCount: load.messageCount,
    entryCount: load.entryCount,
    maxEntries: budget.maxEntries,
    approxTokens: estimator.tokens(load.size),
    maxTokens: budget.maxTokens,
    usagePct: usagePct(load.size, budget, estimator),
    thresholdPct: budget.triggerPct,
    nextCompactAtPct: budget.triggerPct,
    targetPct: budget.targetPct,
    compactionPending: atTrigger(load.size, load.entryCount, budget, estimator),
    estimator: estimator.name,
    revision: load.revision,
  };
}

/**
 * Returns the smallest size with a usage of `pct` percent or more, in the estimator's unit. It is found by binary
 * search over `usagePct`, so that no second formula can disagree with its rounding.
 */
export function sizeAtPct(pct: number, budget: Budget, estimator: Estimator): number {
  let [low, high] = [0, estimator.sizeOfTokens(budget.maxTokens * Math.ceil(pct / 100 + 1))];
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if (usagePct(middle, budget, estimator) >= pct) high = middle;
    else low = middle + 1;
  }
  return low;
}
