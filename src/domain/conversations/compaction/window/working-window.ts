/** The mutable state of a compaction: a window that is changed in place, so that a step costs only what it touches. */
import type { ContextPolicy, StrategyName } from '#domain/conversations/context-policy.ts';
import type { Estimator } from '#domain/conversations/usage.ts';
import { countedText, type Entry, type Window } from '#domain/conversations/window.ts';
import type { Unit } from './groups.ts';
import { type Guard, type Protection, protect } from './guards.ts';

/** How far to compact. `maxSize` is in the estimator's unit and includes the system prompt. */
export type Goal = Readonly<{ maxSize: number; maxEntries: number }>;

/**
 * How hard the strategies press, in rising order. `none`: each does its ordinary work. `anchored`: anchored entries
 * lose their text too, and nothing waits for the `drop` strategy any more. `all`: the summary becomes as short as it
 * must.
 */
export const PRESSURES = ['none', 'anchored', 'all'] as const;
type Pressure = (typeof PRESSURES)[number];

export type WorkingWindow = {
  /** By index in the original window; null for an entry that was folded into another. */
  readonly entries: (Entry | null)[];
  /** See `Protection`, for this and the two below. Indices are those of the original window. */
  readonly guards: readonly (Guard | null)[];
  readonly units: readonly Unit[];
  readonly anchored: readonly boolean[];
  readonly policy: ContextPolicy;
  readonly estimator: Estimator;
  readonly goal: Goal;
  readonly strategies: ReadonlySet<StrategyName>;
  /** Rises when a round gains nothing. */
  pressure: Pressure;
  /** The index up to which the `drop` strategy has stubbed artefacts. */
  stubbedUpTo: number;
  /** The current size, system prompt included, and the current number of entries. */
  size: number;
  count: number;
};

/** The smallest number of entries that can remain: the protected and anchored ones, and one summary for all others. */
function fewestEntries({ guards, anchored }: Protection): number {
  const loose = guards.filter((guard, index) => guard === null && !anchored[index]).length;
  return guards.length - loose + Math.min(1, loose);
}

/**
 * Creates the state for a compaction. A goal on entries that cannot be reached is raised to the smallest number that
 * can.
 */
export function fromWindow(
  window: Window,
  policy: ContextPolicy,
  estimator: Estimator,
  options: Readonly<{ goal: Goal; appending: boolean; strategies: readonly StrategyName[] }>,
): WorkingWindow {
  const protection = protect(window, policy, options.appending, estimator);
  return {
    entries: [...window.entries],
    ...protection,
    policy,
    estimator,
    goal: { ...options.goal, maxEntries: Math.max(options.goal.maxEntries, fewestEntries(protection)) },
    strategies: new Set(options.strategies),
    pressure: 'none',
    stubbedUpTo: 0,
    size: window.size,
    count: window.entries.length,
  };
}

/** Whether the size meets the goal, whatever the number of entries. */
export function isSmallEnough(work: WorkingWindow): boolean {
  return work.size <= work.goal.maxSize;
}

/** Whether both size and number of entries meet the goal. */
export function isAtGoal(work: WorkingWindow): boolean {
  return isSmallEnough(work) && work.count <= work.goal.maxEntries;
}

/** Replaces an entry by another form of it if that is smaller. Returns whether it was. */
export function shorten(work: WorkingWindow, index: number, form: Omit<Entry, 'size'>): boolean {
  const before = work.entries[index]!.size;
  const size = work.estimator.size(countedText(form));
  if (size >= before) return false;
  work.entries[index] = { ...form, size };
  work.size += size - before;
  return true;
}

/** Removes and returns an entry, which another entry is to stand for. */
export function takeOut(work: WorkingWindow, index: number): Entry {
  const entry = work.entries[index]!;
  work.entries[index] = null;
  work.size -= entry.size;
  work.count--;
  return entry;
}

/** Returns the resulting window: the remaining entries, with `added` inserted in the order of the first messages. */
export function toWindow(work: WorkingWindow, systemPrompt: string | null, added: Entry | null): Window {
  const entries = work.entries.filter((entry) => entry !== null);
  if (added !== null) {
    const index = entries.findIndex((entry) => entry.fromSeq > added.fromSeq);
    entries.splice(index === -1 ? entries.length : index, 0, added);
  }
  return { systemPrompt, size: work.size, entries };
}
