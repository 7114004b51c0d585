/** How far a compaction is to go, and whether what it did is worth keeping. */

import type { ContextPolicy } from '../context-policy.ts';
import { type Estimator, sizeAtPct } from '../usage.ts';
import type { Window } from '../window.ts';
import { leastSizeOf } from './protection.ts';
import type { Goal } from './window/working-window.ts';

/** A compaction by hand leads down to so much of the present usage, if that is below the target. */
const MANUAL_SHARE = 3 / 4;
/** A compaction by hand is kept if it frees at least so much of the budget, in percent. */
const WORTH_KEEPING_PCT = 2;

/** The largest size that stands at the target, as usage is rounded. */
function targetSize(policy: ContextPolicy, estimator: Estimator): number {
  return sizeAtPct(policy.targetPct + 1, policy, estimator) - 1;
}

/** The goal of the compaction that an append needs: the target, and as much below the limit on entries. */
export function goalForAppend(policy: ContextPolicy, estimator: Estimator): Goal {
  return {
    maxSize: targetSize(policy, estimator),
    maxEntries: Math.floor((policy.maxEntries * policy.targetPct) / policy.triggerPct),
  };
}

/**
 * The goal of a compaction by hand: the target or three quarters of the present usage, whichever is lower. Where the
 * protected parts alone take more, it leaves a quarter of the rest: to press for what cannot be reached would be all loss.
 */
export function goalForManual(window: Window, policy: ContextPolicy, estimator: Estimator): Goal {
  const { maxEntries } = goalForAppend(policy, estimator);
  const wanted = Math.min(targetSize(policy, estimator), Math.floor(window.size * MANUAL_SHARE));
  const least = leastSizeOf(window, policy, estimator, false);
  if (least <= wanted) return { maxSize: wanted, maxEntries };
  return { maxSize: least + Math.floor((window.size - least) / 4), maxEntries };
}

/** Whether a window takes no more than the goal allows. The limit on entries is a guard, and refuses nothing. */
export function isMet(goal: Goal, window: Window): boolean {
  return window.size <= goal.maxSize;
}

/** Whether a compaction frees so much that users should see it: at least 2 % of the budget. */
export function isWorthKeeping(before: Window, after: Window, policy: ContextPolicy, estimator: Estimator): boolean {
  const freed = estimator.tokens(before.size) - estimator.tokens(after.size);
  return freed * 100 >= policy.maxTokens * WORTH_KEEPING_PCT;
}
