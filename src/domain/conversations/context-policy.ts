/** The context policy: the operator's budget, and when and how windows are compacted to stay within it. */
import type { Budget } from './usage.ts';

/** In the default order of the chain, from the gentlest strategy on. */
export const STRATEGY_NAMES = ['dedupe', 'summarize', 'window', 'drop'] as const;
export type StrategyName = (typeof STRATEGY_NAMES)[number];

export type ContextPolicy = Budget &
  Readonly<{
    /** Whether appends compact at the trigger. If not, an append over 100 % of the budget is refused. */
    automatic: boolean;
    /** The chain, in the order in which the strategies run. */
    strategies: readonly StrategyName[];
    /** The largest number of newest messages that are protected, if they fit into the tail's share. */
    keepTail: number;
    /** The largest number of turns that the `window` strategy folds in one round. */
    windowTurns: number;
    /** The length in characters from which code, a table, JSON, tool output or base64 is a large artefact. */
    artifactMinChars: number;
  }>;

/**
 * Shares in percent of the budget, with the default target of 60 %: the largest of the pins and of the tail, and the
 * least and the largest of a summary, which takes what pins and tail leave of the target. The three largest that are
 * guaranteed (`pins`, `tail`, `summary`) add up to the target, so that a thread's own content can always be compacted
 * to it and only a new message can be too large.
 */
export const SHARES = { pins: 30, tail: 20, summary: 10, largestSummary: 30 } as const;

/** Returns a share in percent of the budget. A target below 60 % scales all shares down alike. */
export function sharePct(part: keyof typeof SHARES, policy: Pick<Budget, 'targetPct'>): number {
  return SHARES[part] * Math.min(1, policy.targetPct / (SHARES.pins + SHARES.tail + SHARES.summary));
}
