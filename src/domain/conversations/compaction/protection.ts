/** What cannot be compacted away: how much that is, whether a goal can be met despite it, and what to do if not. */
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

/** What each protected part takes, in the estimator's unit. */
export type Floor = Readonly<{ system: number; pinned: number; tail: number; message: number }>;

/** Something that the user can do about a window that cannot be compacted far enough. */
export type Advice = Readonly<{
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

/** What the protected parts of a window take. `appending`: its last entry is the message being appended. */
export function floorOf(window: Window, policy: ContextPolicy, estimator: Estimator, appending: boolean): Floor {
  return floorWith(window, protect(window, policy, appending, estimator));
}

/** The least that stands for what is not protected: bare links where an entry must stay, one summary for the rest. */
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

/** The smallest size that a compaction with all strategies can lead down to, in the estimator's unit. */
export function leastSizeOf(window: Window, policy: ContextPolicy, estimator: Estimator, appending: boolean): number {
  const protection = protect(window, policy, appending, estimator);
  const { system, pinned, tail, message } = floorWith(window, protection);
  return system + pinned + tail + message + leastOfTheRest(window, protection, estimator);
}

/** Throws 413 `context_budget_unreachable` where no compaction could make room for the message at the window's end. */
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

/** What would help, what frees most first. */
function adviceFor(window: Window, floor: Floor, estimator: Estimator): readonly Advice[] {
  const pins = adviceOnPins(window.entries.slice(0, -1), estimator);
  const all = [adviceOnMessage(floor, estimator), ...pins, ...adviceOnPrompt(floor.system, estimator)];
  return all.toSorted((a, b) => (b.tokens ?? 0) - (a.tokens ?? 0));
}

/**
 * The refusal of the message at the window's end: 413 `context_budget_unreachable`, with what stands in the way in
 * tokens, which strategies were tried, and what would help.
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
 * Throws 413 `pins_over_budget` where the system prompt and the pins, each with its group, take more than their share
 * of the budget, or the pins more than the same share of the limit on entries.
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
