/** A window under compaction: changed in place, step by step, so that a step costs only what it touches. */
import type { ContextPolicy, StrategyName } from '#domain/conversations/context-policy.ts';
import type { Estimator } from '#domain/conversations/usage.ts';
import { countedText, type Entry, type Window } from '#domain/conversations/window.ts';
import type { Unit } from './groups.ts';
import { type Guard, type Protection, protect } from './guards.ts';

/** How far to go: sizes are in the estimator's unit, the system prompt included. */
export type Goal = Readonly<{ maxSize: number; maxEntries: number }>;

/**
 * `none`: the strategies do what they are for. `anchored`: members of the open group may lose their text too, and
 * nothing waits for the drop strategy any more. `all`: the summary gets as short as it must.
 */
export const PRESSURES = ['none', 'anchored', 'all'] as const;
export type Pressure = (typeof PRESSURES)[number];

export type WorkingWindow = {
  /** By the index in the window that came in; null where the entry was folded into another. */
  readonly entries: (Entry | null)[];
  readonly guards: readonly (Guard | null)[];
  readonly units: readonly Unit[];
  /** Which entries must keep their place; see `Protection`. */
  readonly anchored: readonly boolean[];
  readonly policy: ContextPolicy;
  readonly estimator: Estimator;
  readonly goal: Goal;
  readonly strategies: ReadonlySet<StrategyName>;
  /** How hard to press; it rises when a round gained nothing. */
  pressure: Pressure;
  /** Artefacts before this index were looked at by the drop strategy. */
  stubbedUpTo: number;
  size: number;
  count: number;
};

/** The fewest entries that can be left: those that must keep their place, and one summary for all the rest. */
function fewestEntries({ guards, anchored }: Protection): number {
  const loose = guards.filter((guard, index) => guard === null && !anchored[index]).length;
  return guards.length - loose + Math.min(1, loose);
}

export function fromWindow(
  window: Window,
  policy: ContextPolicy,
  estimator: Estimator,
  want: Readonly<{ goal: Goal; appending: boolean; strategies: readonly StrategyName[] }>,
): WorkingWindow {
  const protection = protect(window, policy, want.appending, estimator);
  return {
    entries: [...window.entries],
    ...protection,
    policy,
    estimator,
    goal: { ...want.goal, maxEntries: Math.max(want.goal.maxEntries, fewestEntries(protection)) },
    strategies: new Set(want.strategies),
    pressure: 'none',
    stubbedUpTo: 0,
    size: window.size,
    count: window.entries.length,
  };
}

export function isSmallEnough(work: WorkingWindow): boolean {
  return work.size <= work.goal.maxSize;
}

export function isAtGoal(work: WorkingWindow): boolean {
  return isSmallEnough(work) && work.count <= work.goal.maxEntries;
}

/** Puts a shorter form in an entry's place; answers whether it was shorter. A form that is not is left out. */
export function shorten(work: WorkingWindow, index: number, form: Omit<Entry, 'size'>): boolean {
  const before = work.entries[index]!.size;
  const size = work.estimator.size(countedText(form));
  if (size >= before) return false;
  work.entries[index] = { ...form, size };
  work.size += size - before;
  return true;
}

/** Takes an entry out, because another stands for it now. */
export function takeOut(work: WorkingWindow, index: number): Entry {
  const entry = work.entries[index]!;
  work.entries[index] = null;
  work.size -= entry.size;
  work.count--;
  return entry;
}

/** The entries that are left, `added` among them by the first message that each stands for. */
export function toWindow(work: WorkingWindow, systemPrompt: string | null, added: Entry | null): Window {
  const entries = work.entries.filter((entry) => entry !== null);
  if (added !== null) {
    const place = entries.findIndex((entry) => entry.fromSeq > added.fromSeq);
    entries.splice(place === -1 ? entries.length : place, 0, added);
  }
  return { systemPrompt, size: work.size, entries };
}
