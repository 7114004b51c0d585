/** How full a window is: the one function behind the meter, the trigger and the refusal of what cannot fit. */

export const ESTIMATOR_NAMES = ['chars_div_4', 'cl100k_base', 'o200k_base'] as const;
export type EstimatorName = (typeof ESTIMATOR_NAMES)[number];

/**
 * Counts text. Sizes add up; tokens follow from their sum, so that rounding happens once per window.
 * `chars_div_4` sizes in UTF-16 code units, a tokenizer in tokens.
 */
export type Estimator = Readonly<{
  name: EstimatorName;
  /** The size of a text, in the estimator's own unit. */
  size(text: string): number;
  /** Approximate tokens of a total size. */
  tokens(size: number): number;
  /** The largest size that is at most so many tokens. */
  sizeOfTokens(tokens: number): number;
}>;

/** Characters (UTF-16 code units) divided by four: needs no vocabulary, and is the default. */
export const charsDiv4: Estimator = {
  name: 'chars_div_4',
  size: (text) => text.length,
  tokens: (size) => Math.floor(size / 4),
  sizeOfTokens: (tokens) => tokens * 4 + 3,
};

/** The limits that the meter is drawn against. */
export type Budget = Readonly<{
  maxTokens: number;
  /** More entries than this start a compaction, whatever they weigh. */
  maxEntries: number;
  /** Percent of `maxTokens` at which an append compacts first. */
  triggerPct: number;
  /** Percent of `maxTokens` that a compaction leads down to. */
  targetPct: number;
}>;

export type Usage = Readonly<{
  messageCount: number;
  entryCount: number;
  maxEntries: number;
  approxTokens: number;
  maxTokens: number;
  usagePct: number;
  thresholdPct: number;
  nextCompactAtPct: number;
  targetPct: number;
  compactionPending: boolean;
  estimator: EstimatorName;
  /** The head revision; 0 before the first compaction. */
  revision: number;
}>;

/** What has to be known of a window to say how full it is. `size` is in the estimator's unit. */
export type Load = Readonly<{ size: number; entryCount: number; messageCount: number; revision: number }>;

/** Percent of the budget that a size takes, rounded; every comparison uses this number. */
export function usagePct(size: number, budget: Budget, estimator: Estimator): number {
  return Math.round((estimator.tokens(size) / budget.maxTokens) * 100);
}

/** Whether a window of this size and so many entries must be compacted before it may stand. */
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

/** The smallest size that stands at `pct` percent or more: appends below it need no compaction. */
export function sizeAtPct(pct: number, budget: Budget, estimator: Estimator): number {
  let [low, high] = [0, estimator.sizeOfTokens(budget.maxTokens * Math.ceil(pct / 100 + 1))];
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if (usagePct(middle, budget, estimator) >= pct) high = middle;
    else low = middle + 1;
  }
  return low;
}
