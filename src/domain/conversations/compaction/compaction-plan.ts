/** Decides how far a compaction goes, and whether its result is worth committing. */
import type { ContextPolicy } from '../context-policy.ts';
import { type Estimator, sizeAtPct } from '../usage.ts';
import type { Window } from '../window.ts';
import { leastSizeOf } from './protection.ts';
import type { Goal } from './window/working-window.ts';

/** The share of its current size that a manual compaction leads a window down to, if that is below the target. */
const MANUAL_SHARE = 3 / 4;
/** The percentage of the budget that a manual compaction must free to be committed. */
const MIN_FREED_PCT = 2;

/** Returns the largest size whose usage, as it is rounded, is still at the target. */
function targetSize(policy: ContextPolicy, estimator: Estimator): number {
  return sizeAtPct(policy.targetPct + 1, policy, estimator) - 1;
}

/** Returns the goal of an automatic compaction: the target, and the same fraction of the limit on entries. */
export function goalForAppend(policy: ContextPolicy, estimator: Estimator): Goal {
  return {
    maxSize: targetSize(policy, estimator),
    maxEntries: Math.floor((policy.maxEntries * policy.targetPct) / policy.triggerPct),
  };
}

/**
 * Returns the goal of a manual compaction: the target or three quarters of the current size, whichever is lower. If
 * that cannot be reached, the goal is to free three quarters of what can be freed: pressing for an unreachable goal
 * would shorten everything to its minimum for nothing.
 */
export function goalForManual(window: Window, policy: ContextPolicy, estimator: Estimator): Goal {
  const { maxEntries } = goalForAppend(policy, estimator);
  const wanted = Math.min(targetSize(policy, estimator), Math.floor(window.size * MANUAL_SHARE));
  const least = leastSizeOf(window, policy, estimator, false);
  if (least <= wanted) return { maxSize: wanted, maxEntries };
  return { maxSize: least + Math.floor((window.size - least) / 4), maxEntries };
}

/** Whether a window's size meets the goal. The limit on entries only starts compactions and never refuses a message. */
export function isMet(goal: Goal, window: Window): boolean {
  return window.size <= goal.maxSize;
}

/** Whether a compaction frees enough to be worth an event in the thread's history: at least 2 % of the budget. */
export function isWorthKeeping(before: Window, after: Window, policy: ContextPolicy, estimator: Estimator): boolean {
  const freed = estimator.tokens(before.size) - estimator.tokens(after.size);
  return freed * 100 >= policy.maxTokens * MIN_FREED_PCT;
}
