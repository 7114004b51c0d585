/** The `window` strategy: folds the oldest turns, and any older summary, into one summary at the head of the window. */
import type { Entry } from '#domain/conversations/window.ts';
import { leastSummarySize, summaryOf } from '../summary/summary.ts';
import type { TextIndex } from '../summary/text-index.ts';
import type { Unit } from '../window/groups.ts';
import { shareOfSize } from '../window/guards.ts';
import { isLeftToStub } from '../window/left-to-stub.ts';
import { isAtGoal, takeOut, type WorkingWindow } from '../window/working-window.ts';

/** The largest size of a summary in relation to what it replaces, within the summary's part of the goal. */
const SUMMARY_RATE = 0.5;

/** Below this many tokens the rate does not apply: a shorter summary would be of little use. */
const LEAST_SUMMARY_TOKENS = 50;

/**
 * The summary in progress. It is written once, after all rounds; until then the window's size includes `limit` for it,
 * which the written summary never exceeds. Sizes are in the estimator's unit.
 */
type Folding = {
  readonly readIndex: () => TextIndex;
  /** What the summary may take of the goal. */
  readonly cap: number;
  /** The size of `LEAST_SUMMARY_TOKENS`. */
  readonly least: number;
  /** The entries that the summary replaces. */
  readonly taken: Entry[];
  /** The size of all taken entries, and of the older summaries among them. */
  takenSize: number;
  olderSize: number;
  /** The largest size that the summary may have. */
  limit: number;
  /** The index of the next unit to consider. */
  next: number;
  /** Units that were passed over because their artefacts are to be stubbed first. */
  readonly skipped: Unit[];
};

export type WindowStrategy = Readonly<{
  round(): void;
  /** Writes and returns the summary, or null if nothing was folded. Must be called once, after the last round. */
  finish(): Entry | null;
}>;

function isFoldable(work: WorkingWindow, index: number): boolean {
  const entry = work.entries[index];
  if (!entry || entry.kind === 'summary') return false;
  return work.guards[index] === null && !work.anchored[index];
}

/** Moves the entry at `index` from the window into the summary. */
function take(work: WorkingWindow, folding: Folding, index: number): void {
  const entry = takeOut(work, index);
  // The first entry taken brings the summary itself into the count.
  if (folding.taken.length === 0) work.count++;
  folding.taken.push(entry);
  folding.takenSize += entry.size;
  if (entry.kind === 'summary') folding.olderSize += entry.size;
}

/** Sets the summary's limit: `limit`, but never more than what the summary replaces. */
function allow(work: WorkingWindow, folding: Folding, limit: number): void {
  const allowed = Math.floor(Math.min(folding.takenSize, limit));
  work.size += allowed - folding.limit;
  folding.limit = allowed;
}

/** Sets the limit by what was taken: an older summary keeps its size, and everything else shrinks by `SUMMARY_RATE`. */
function allowByRate(work: WorkingWindow, folding: Folding): void {
  const byRate = folding.olderSize + SUMMARY_RATE * (folding.takenSize - folding.olderSize);
  allow(work, folding, Math.min(folding.cap, Math.max(folding.least, byRate)));
}

/** Takes the older summaries, with a limit of their full size, so that this alone does not change the window's size. */
function takeOlder(work: WorkingWindow, folding: Folding): void {
  // Word weights come from the whole window, so it must be indexed before anything is removed from it.
  folding.readIndex();
  work.entries.forEach((entry, index) => {
    if (entry?.kind === 'summary' && work.guards[index] === null) take(work, folding, index);
  });
  allow(work, folding, folding.takenSize);
}

/** Returns the oldest unit that can be folded now, or undefined if there is none. */
function nextUnit(work: WorkingWindow, folding: Folding): Unit | undefined {
  const { skipped } = folding;
  // Where `dedupe` comes after this strategy, it may have folded a notice that was passed over.
  while (skipped[0] !== undefined && !isFoldable(work, skipped[0].start)) skipped.shift();
  if (skipped[0] !== undefined && !isWaiting(work, skipped[0])) return skipped.shift();
  while (folding.next < work.units.length) {
    const unit = work.units[folding.next++]!;
    if (!isFoldable(work, unit.start)) continue;
    if (!isWaiting(work, unit)) return unit;
    folding.skipped.push(unit);
  }
  return undefined;
}

/** Whether the `drop` strategy is to stub an artefact in the unit before it is folded. */
function isWaiting(work: WorkingWindow, unit: Unit): boolean {
  for (let index = unit.start; index < unit.end; index++) if (isLeftToStub(work, index)) return true;
  return false;
}

/** Folds units, oldest first, until the goal is met or `windowTurns` are folded. */
function foldOldest(work: WorkingWindow, folding: Folding): void {
  for (let turns = 0; turns < work.policy.windowTurns && !isAtGoal(work); turns++) {
    const unit = nextUnit(work, folding);
    if (unit === undefined) return;
    if (folding.taken.length === 0) takeOlder(work, folding);
    for (let index = unit.start; index < unit.end; index++) take(work, folding, index);
    allowByRate(work, folding);
  }
}

/** The last resort: limits the summary to what the goal leaves for it, down to the minimal summary. */
function squeeze(work: WorkingWindow, folding: Folding): void {
  if (folding.taken.length === 0) takeOlder(work, folding);
  const left = work.goal.maxSize - (work.size - folding.limit);
  allow(work, folding, Math.min(folding.limit, Math.max(leastSummarySize(work.estimator), left)));
}

/**
 * Writes the summary. An older summary that was taken alone, and not squeezed, is returned unchanged, unless it is from
 * the time when summaries had the role `system`.
 */
function finish(work: WorkingWindow, folding: Folding): Entry {
  const only = folding.taken[0]!;
  const unchanged = folding.taken.length === 1 && folding.limit >= only.size && only.role === 'user';
  const summary = unchanged ? only : summaryOf(folding.taken, folding.limit, folding.readIndex(), work.estimator);
  work.size += summary.size - folding.limit;
  return summary;
}

/**
 * What everything that stays (system prompt, pins, tail, an open group, the new message) leaves of the goal for the
 * summary: at least its least share of the budget, and at most its largest.
 */
function capFor(work: WorkingWindow): number {
  const stays = (index: number) => work.guards[index] !== null || work.anchored[index];
  const passing = work.entries.reduce((sum, entry, i) => (stays(i) ? sum : sum + (entry?.size ?? 0)), 0);
  const left = work.goal.maxSize - (work.size - passing);
  const share = (part: 'summary' | 'largestSummary') => shareOfSize(part, work.policy, work.estimator);
  return Math.max(share('summary'), Math.min(share('largestSummary'), left));
}

/**
 * Creates the strategy for one compaction. Each round folds at most `windowTurns` units, where a unit is one entry or a
 * whole tool-call group; at the highest pressure it also shortens the summary.
 */
export function foldTurns(work: WorkingWindow, readIndex: () => TextIndex): WindowStrategy {
  const cap = capFor(work);
  const least = work.estimator.sizeOfTokens(LEAST_SUMMARY_TOKENS);
  const nothing = { taken: [], takenSize: 0, olderSize: 0, limit: 0, next: 0, skipped: [] };
  const folding: Folding = { readIndex, cap, least, ...nothing };
  return {
    round: () => {
      foldOldest(work, folding);
      if (work.pressure === 'all' && !isAtGoal(work)) squeeze(work, folding);
    },
    finish: () => (folding.taken.length === 0 ? null : finish(work, folding)),
  };
}
