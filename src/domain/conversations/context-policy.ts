/** The operator's choices about context: how large, when to compact, with which strategies, and what to spare. */
import type { Budget } from './usage.ts';

export const STRATEGY_NAMES = ['dedupe', 'summarize', 'window', 'drop'] as const;
export type StrategyName = (typeof STRATEGY_NAMES)[number];

export type ContextPolicy = Budget &
  Readonly<{
    /** False: nothing compacts by itself, and an append over 100 % is refused. */
    automatic: boolean;
    /** The chain, in order. */
    strategies: readonly StrategyName[];
    /** How many of the newest messages stay verbatim, if they fit into the tail's share. */
    keepTail: number;
    /** How many turns the window strategy folds at a time. */
    windowTurns: number;
    /** Characters from which a code block, table, JSON, tool output or base64 text counts as a large artefact. */
    artifactMinChars: number;
  }>;

/**
 * The most that each protected part may take, in percent of the budget, with the default target of 60 %.
 * They add up to the target, so whatever a thread holds, only a new message can be too large for it.
 */
export const PROTECTED_SHARES = { pins: 30, tail: 20, summary: 10 } as const;

/** A protected part's share in percent of the budget; a lower target lowers all of them alike. */
export function sharePct(part: keyof typeof PROTECTED_SHARES, policy: Pick<Budget, 'targetPct'>): number {
  const sum = PROTECTED_SHARES.pins + PROTECTED_SHARES.tail + PROTECTED_SHARES.summary;
  return PROTECTED_SHARES[part] * Math.min(1, policy.targetPct / sum);
}
