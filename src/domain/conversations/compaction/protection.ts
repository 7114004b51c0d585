/** Computes what compaction cannot remove, whether a goal is reachable despite it, and what to advise if it is not. */
import type { DomainError } from '#domain/shared/domain-error.ts';
import type { ContextPolicy } from '../context-policy.ts';
import { conversationErrors } from '../errors.ts';
import type { StrategyUse } from '../revision.ts';
import type { Estimator } from '../usage.ts';
import { countedText, type Entry, type Window } from '../window.ts';
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
import { bareStub, grouped } from './window/stub.ts';
import type { Goal } from './window/working-window.ts';

/** The size of each protected part of a window, in the estimator's unit. */
export type Floor = Readonly<{ system: number; pinned: number; tail: number; message: number }>;

/**
 * One thing that the user can do about a window that cannot be compacted far enough. `seq` is the message to unpin;
 * `tokens` is how much of the window the part in question takes.
 */
type Advice = Readonly<{
  action: 'unpin' | 'split_message' | 'shorten_prompt';
  seq?: number;
  tokens?: number;
  text: string;
}>;

const MAX_UNPIN_ADVICE = 5;

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
    if (anchored[index]) stubs += Math.min(entry.size, estimator.size(countedText(bareStub(entry))));
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

/** Throws 413 `context_budget_unreachable` if no compaction could make room for the message at the window's end. */
export function checkReachable(window: Window, goal: Goal, policy: ContextPolicy, estimator: Estimator): void {
  if (leastSizeOf(window, policy, estimator, true) > goal.maxSize) {
    throw unreachable(window, goal, policy, estimator, []);
  }
}

function adviceOnMessage({ message }: Floor, estimator: Estimator): Advice {
  const tokens = estimator.tokens(message);
  return { action: 'split_message', tokens, text: `send the new message in two parts: ${grouped(tokens)} tokens` };
}

function adviceOnPrompt(promptSize: number, estimator: Estimator): readonly Advice[] {
  const tokens = estimator.tokens(promptSize);
  if (tokens === 0) return [];
  return [{ action: 'shorten_prompt', tokens, text: `shorten the system prompt: ${grouped(tokens)} tokens` }];
}

function adviceOnPins(entries: readonly Entry[], estimator: Estimator): readonly Advice[] {
  const pins = entries.filter((entry) => entry.pinned).toSorted((a, b) => b.size - a.size);
  return pins.slice(0, MAX_UNPIN_ADVICE).map((entry) => {
    const tokens = estimator.tokens(entry.size);
    return {
      action: 'unpin',
      seq: entry.fromSeq,
      tokens,
      text: `unpin message ${entry.fromSeq}: ${grouped(tokens)} tokens`,
    };
  });
}

/** All advice for a refused message, by tokens descending. The refused message itself cannot be unpinned. */
function adviceFor(window: Window, floor: Floor, estimator: Estimator): readonly Advice[] {
  const pins = adviceOnPins(window.entries.slice(0, -1), estimator);
  const all = [adviceOnMessage(floor, estimator), ...pins, ...adviceOnPrompt(floor.system, estimator)];
  return all.toSorted((a, b) => (b.tokens ?? 0) - (a.tokens ?? 0));
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
    advice: adviceFor(window, floor, estimator),
  });
}

/**
 * Throws 413 `pins_over_budget` if the system prompt and the pinned groups exceed the pins' share of the budget, or the
 * pinned groups have more entries than the same share of the limit on entries.
 */
export function checkPins(window: Window, policy: ContextPolicy, estimator: Estimator): void {
  const pinned = pinnedWithGroups(window.entries);
  const size = promptSizeOf(window) + sum(pinned);
  const limit = shareOfSize('pins', policy, estimator);
  if (size <= limit && pinned.length <= shareOfEntries('pins', policy)) return;
  throw conversationErrors.pinsOverBudget({
    used: estimator.tokens(size),
    limit: estimator.tokens(limit),
    pins: pinned.length,
    maxPins: shareOfEntries('pins', policy),
    advice: [...adviceOnPins(window.entries, estimator), ...adviceOnPrompt(promptSizeOf(window), estimator)],
  });
}
