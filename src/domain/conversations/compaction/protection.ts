/** Computes what compaction cannot remove, and refuses what leaves a goal out of reach. */
import type { DomainError } from '#domain/shared/domain-error.ts';
import type { ContextPolicy } from '../context-policy.ts';
import { conversationErrors } from '../errors.ts';
import type { StrategyUse } from '../revision.ts';
import { type Budget, type Estimator, usagePct } from '../usage.ts';
import type { Entry, Window } from '../window.ts';
import { adviceOnMessage, adviceOnPinning, type Pinning } from './advice.ts';
import { leastSummarySize } from './summary/summary.ts';
import {
  type Guard,
  type Protection,
  pinnedWithGroups,
  promptSizeOf,
  protect,
  shareOfEntries,
  shareOfSize,
} from './window/guards.ts';
import { leastEntrySize } from './window/stub.ts';
import type { Goal } from './window/working-window.ts';

/** The size of each protected part of a window, in the estimator's unit. */
export type Floor = Readonly<{ system: number; pinned: number; tail: number; message: number }>;

function sum(entries: readonly Entry[]): number {
  return entries.reduce((size, entry) => size + entry.size, 0);
}

function guarded(window: Window, { guards }: Protection, guard: Guard | null): readonly Entry[] {
  return window.entries.filter((_, index) => guards[index] === guard);
}

function floorWith(window: Window, protection: Protection): Floor {
  return {
    system: promptSizeOf(window),
    pinned: sum(guarded(window, protection, 'pinned')),
    tail: sum(guarded(window, protection, 'tail')),
    message: sum(guarded(window, protection, 'message')),
  };
}

/** Returns the sizes of a window's protected parts. `appending`: its last entry is a message that is being appended. */
export function floorOf(window: Window, policy: ContextPolicy, estimator: Estimator, appending: boolean): Floor {
  return floorWith(window, protect(window, policy, appending, estimator));
}

/** The minimal size of everything unprotected: a bare stub for each anchored entry, one summary for all others. */
function leastOfTheRest(window: Window, { guards, anchored }: Protection, estimator: Estimator): number {
  let stubs = 0;
  let summary = 0;
  window.entries.forEach((entry, index) => {
    if (guards[index] !== null) return;
    if (anchored[index]) stubs += leastEntrySize(entry, estimator);
    else summary = leastSummarySize(estimator);
  });
  return stubs + summary;
}

/** Returns the smallest size that a compaction with all strategies can reach, in the estimator's unit. */
export function leastSizeOf(window: Window, policy: ContextPolicy, estimator: Estimator, appending: boolean): number {
  const protection = protect(window, policy, appending, estimator);
  const { system, pinned, tail, message } = floorWith(window, protection);
  return system + pinned + tail + message + leastOfTheRest(window, protection, estimator);
}

/** Throws 409 `over_budget` if a window that nothing was compacted for exceeds the whole budget. */
export function checkFits(window: Window, budget: Budget, estimator: Estimator): void {
  const pct = usagePct(window.size, budget, estimator);
  if (pct > 100) throw conversationErrors.overBudget({ usagePct: pct });
}

/** Throws 413 `context_budget_unreachable` if no compaction could make room for the message at the window's end. */
export function checkReachable(window: Window, goal: Goal, policy: ContextPolicy, estimator: Estimator): void {
  if (leastSizeOf(window, policy, estimator, true) > goal.maxSize) {
    throw unreachable(window, goal, policy, estimator, []);
  }
}

/**
 * Returns, and does not throw, the refusal of the message at the window's end: 413 `context_budget_unreachable`. Its
 * details are usage, limit, target and protected parts in tokens, the strategies that were tried, and advice.
 */
export function unreachable(
  window: Window,
  goal: Goal,
  policy: ContextPolicy,
  estimator: Estimator,
  tried: readonly StrategyUse[],
): DomainError {
  const floor = floorOf(window, policy, estimator, true);
  return conversationErrors.contextBudgetUnreachable({
    used: estimator.tokens(window.size),
    limit: policy.maxTokens,
    target: estimator.tokens(goal.maxSize),
    floor: {
      system: estimator.tokens(floor.system),
      pinned: estimator.tokens(floor.pinned),
      tail: estimator.tokens(floor.tail),
      message: estimator.tokens(floor.message),
    },
    tried: tried.map((step) => step.name),
    advice: adviceOnMessage(window, floor, policy, estimator),
  });
}

/**
 * Throws 413 `pins_over_budget` if the system prompt and the pinned groups exceed the pins' share of the budget, or the
 * pinned groups have more entries than the same share of the limit on entries. The window is as it would be after what
 * is asked.
 */
export function checkPins(window: Window, asked: Pinning, policy: ContextPolicy, estimator: Estimator): void {
  const pinned = pinnedWithGroups(window.entries);
  const size = promptSizeOf(window) + sum(pinned);
  const limit = shareOfSize('pins', policy, estimator);
  if (size <= limit && pinned.length <= shareOfEntries('pins', policy)) return;
  throw conversationErrors.pinsOverBudget({
    used: estimator.tokens(size),
    limit: estimator.tokens(limit),
    pins: pinned.length,
    maxPins: shareOfEntries('pins', policy),
    advice: adviceOnPinning(window, asked, estimator),
  });
}
