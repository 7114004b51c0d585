/** Determines what a compaction must not change: pins with their groups, the tail, and the message being appended. */
import { type ContextPolicy, type SHARES, sharePct } from '#domain/conversations/context-policy.ts';
import type { Estimator } from '#domain/conversations/usage.ts';
import { type Entry, messagesIn, type Window } from '#domain/conversations/window.ts';
import { openGroupOf, type Unit, unitsOf } from './groups.ts';
import { leastEntrySize } from './stub.ts';

/** The reason why an entry is protected. */
export type Guard = 'pinned' | 'tail' | 'message';

export type Protection = Readonly<{
  /** The guard of each entry, by index; null for an unprotected one. */
  guards: readonly (Guard | null)[];
  /** All units of the window, in order. */
  units: readonly Unit[];
  /** Whether each entry must stay in the window, though it may be shortened: its group is open or contains a pin. */
  anchored: readonly boolean[];
}>;

type Draft = { guards: (Guard | null)[]; anchored: boolean[] };

/** Returns a part's share of the budget, in the estimator's unit. */
export function shareOfSize(part: keyof typeof SHARES, policy: ContextPolicy, estimator: Estimator): number {
  return estimator.sizeOfTokens(Math.floor((policy.maxTokens * sharePct(part, policy)) / 100));
}

/** Returns a protected part's share of the limit on entries, which is the same percentage as of the budget. */
export function shareOfEntries(part: 'pins' | 'tail', policy: ContextPolicy): number {
  return Math.floor((policy.maxEntries * sharePct(part, policy)) / 100);
}

function hasPin(entries: readonly Entry[], { start, end }: Unit): boolean {
  for (let index = start; index < end; index++) if (entries[index]!.pinned) return true;
  return false;
}

/** Returns the pinned entries, each with its whole group, in the order of the window. */
export function pinnedWithGroups(entries: readonly Entry[]): readonly Entry[] {
  return unitsOf(entries)
    .filter((unit) => hasPin(entries, unit))
    .flatMap(({ start, end }) => entries.slice(start, end));
}

function sizeOf(entries: readonly Entry[]): number {
  return entries.reduce((size, entry) => size + entry.size, 0);
}

/** Returns the size of a window's system prompt, in the estimator's unit. */
export function promptSizeOf(window: Window): number {
  return window.size - sizeOf(window.entries);
}

/**
 * Guards pins with their groups, and anchors both. Results that joined a pinned group after it was pinned can take it
 * over the pins' share; then only the pins themselves are guarded, because otherwise the thread could never be
 * compacted again.
 */
function guardPins(window: Window, units: readonly Unit[], share: number, protection: Draft): void {
  const fits = promptSizeOf(window) + sizeOf(pinnedWithGroups(window.entries)) <= share;
  for (const unit of units) {
    if (!hasPin(window.entries, unit)) continue;
    protection.anchored.fill(true, unit.start, unit.end);
    for (let index = unit.start; index < unit.end; index++) {
      if (fits || window.entries[index]!.pinned) protection.guards[index] = 'pinned';
    }
  }
}

/** Whether an entry can be part of the tail, because it stands for a single message. */
function isSingle(entry: Entry): boolean {
  return entry.kind !== 'summary' && messagesIn(entry) === 1;
}

/**
 * Guards the newest messages, going backwards until a step exceeds a limit or contains a folded or summary entry.
 * `steps` come from `tailSteps`. Entries that have another guard count towards `count` but not `size`; the message
 * being appended counts towards neither. What anchored entries take at least, counts towards `size` first: otherwise
 * the names and ids of a large open group, which cannot go, would leave no room for the next result.
 */
function guardTail(
  entries: readonly Entry[],
  steps: readonly Unit[],
  { guards, anchored }: Draft,
  limits: Readonly<{ count: number; size: number }>,
  estimator: Estimator,
): void {
  const least = entries.map((entry, i) => (anchored[i] && guards[i] === null ? leastEntrySize(entry, estimator) : 0));
  let { count } = limits;
  let size = limits.size - least.reduce((sum, size) => sum + size, 0);
  for (const { start, end } of steps.toReversed()) {
    count -= guards[start] === 'message' ? 0 : end - start;
    for (let i = start; i < end; i++) size -= guards[i] === null ? entries[i]!.size - least[i]! : 0;
    if (count < 0 || size < 0 || !entries.slice(start, end).every(isSingle)) return;
    for (let i = start; i < end; i++) guards[i] ??= 'tail';
  }
}

/**
 * Splits the open group into single steps. A closed group is in the tail as a whole or not at all; the open group stays
 * in the window anyway, so its newest members can be in the tail without the others.
 */
function tailSteps(units: readonly Unit[], open: Unit | null): readonly Unit[] {
  if (open === null) return units;
  const members = Array.from({ length: open.end - open.start }, (_, i) => ({
    start: open.start + i,
    end: open.start + i + 1,
  }));
  return [...units.slice(0, -1), ...members];
}

/**
 * Determines the protected entries of a window. `appending`: its last entry is a message that is being appended. The
 * tail is the newest messages before that one: at most `keepTail`, and within the tail's share of the budget and of the
 * entries.
 */
export function protect(window: Window, policy: ContextPolicy, appending: boolean, estimator: Estimator): Protection {
  const { entries } = window;
  const units = unitsOf(entries);
  const open = openGroupOf(entries, units);
  const draft: Draft = { guards: entries.map(() => null), anchored: entries.map(() => false) };
  if (open !== null) draft.anchored.fill(true, open.start, open.end);
  guardPins(window, units, shareOfSize('pins', policy, estimator), draft);
  if (appending && entries.length > 0) draft.guards[entries.length - 1] = 'message';
  const limits = {
    count: Math.min(policy.keepTail, shareOfEntries('tail', policy)),
    size: shareOfSize('tail', policy, estimator),
  };
  guardTail(entries, tailSteps(units, open), draft, limits, estimator);
  return { guards: draft.guards, anchored: draft.anchored, units };
}
