/** The window strategy: the oldest turns collapse into the one summary at the head, which takes in an older summary. */

import type { Entry } from '#domain/conversations/window.ts';
import { leastSummarySize, summaryOf } from '../summary/summary.ts';
import type { TextIndex } from '../summary/text-index.ts';
import type { Unit } from '../window/groups.ts';
import { shareOfSize } from '../window/guards.ts';
import { isLeftToStub } from '../window/left-to-stub.ts';
import { isAtGoal, takeOut, type WorkingWindow } from '../window/working-window.ts';

/** What a summary may take of what it stands for, as long as it stays within its share of the budget. */
const SUMMARY_RATE = 0.5;

/** A summary may take so many tokens, if what it stands for does, even where the rate gives less. */
const LEAST_SUMMARY_TOKENS = 50;

/** The summary under way. While turns are being folded only its size is known: a limit, kept when it is written. */
type Folding = {
  readonly reading: () => TextIndex;
  readonly cap: number;
  readonly least: number;
  readonly taken: Entry[];
  /** Sizes of what was taken, and of the older summaries in it. */
  takenSize: number;
  olderSize: number;
  /** The most that the summary may take; counted in the working window's size. */
  limit: number;
  /** The next unit to look at, and those passed over that wait for their artefacts to be stubbed. */
  next: number;
  readonly skipped: Unit[];
};

export type WindowStrategy = Readonly<{
  round(): void;
  /** Writes the summary; null where nothing was folded. To be called once, when the chain is done. */
  finish(): Entry | null;
}>;

function isFoldable(work: WorkingWindow, index: number): boolean {
  const entry = work.entries[index];
  if (!entry || entry.kind === 'summary') return false;
  return work.guards[index] === null && !work.anchored[index];
}

/** Takes the entry at `index` into the summary. */
function take(work: WorkingWindow, folding: Folding, index: number): void {
  const entry = takeOut(work, index);
  if (folding.taken.length === 0) work.count++;
  folding.taken.push(entry);
  folding.takenSize += entry.size;
  if (entry.kind === 'summary') folding.olderSize += entry.size;
}

/** Sets how long the summary may get: never longer than what it stands for. */
function allow(work: WorkingWindow, folding: Folding, limit: number): void {
  const allowed = Math.floor(Math.min(folding.takenSize, limit));
  work.size += allowed - folding.limit;
  folding.limit = allowed;
}

/** The limit by what was taken in: an older summary keeps its length, the rest is shortened by the rate. */
function allowByRate(work: WorkingWindow, folding: Folding): void {
  const byRate = folding.olderSize + SUMMARY_RATE * (folding.takenSize - folding.olderSize);
  allow(work, folding, Math.min(folding.cap, Math.max(folding.least, byRate)));
}

/** An older summary is taken in with the first turn; by itself that changes nothing. */
function takeOlder(work: WorkingWindow, folding: Folding): void {
  // What words weigh is told by the whole window, so it is read before anything is taken out.
  folding.reading();
  work.entries.forEach((entry, index) => {
    if (entry?.kind === 'summary' && work.guards[index] === null) take(work, folding, index);
  });
  allow(work, folding, folding.takenSize);
}

/** The next loose unit, oldest first; undefined where none is left that may be folded now. */
function nextUnit(work: WorkingWindow, folding: Folding): Unit | undefined {
  const waiting = folding.skipped[0];
  if (waiting !== undefined && !isWaiting(work, waiting)) return folding.skipped.shift();
  while (folding.next < work.units.length) {
    const unit = work.units[folding.next++]!;
    if (!isFoldable(work, unit.start)) continue;
    if (!isWaiting(work, unit)) return unit;
    folding.skipped.push(unit);
  }
  return undefined;
}

function isWaiting(work: WorkingWindow, unit: Unit): boolean {
  for (let index = unit.start; index < unit.end; index++) if (isLeftToStub(work, index)) return true;
  return false;
}

/** Folds at most a block of turns, one after the other, and no more than the goal asks. */
function foldOldest(work: WorkingWindow, folding: Folding): void {
  for (let turns = 0; turns < work.policy.windowTurns && !isAtGoal(work); turns++) {
    const unit = nextUnit(work, folding);
    if (unit === undefined) return;
    if (folding.taken.length === 0) takeOlder(work, folding);
    for (let index = unit.start; index < unit.end; index++) take(work, folding, index);
    allowByRate(work, folding);
  }
}

/** When nothing else is left, the summary gets what the goal still leaves, however little that is. */
function squeeze(work: WorkingWindow, folding: Folding): void {
  if (folding.taken.length === 0) takeOlder(work, folding);
  const left = work.goal.maxSize - (work.size - folding.limit);
  allow(work, folding, Math.min(folding.limit, Math.max(leastSummarySize(work.estimator), left)));
}

function finish(work: WorkingWindow, folding: Folding): Entry {
  const only = folding.taken[0]!;
  const unchanged = folding.taken.length === 1 && folding.limit >= only.size;
  const summary = unchanged ? only : summaryOf(folding.taken, folding.limit, folding.reading(), work.estimator);
  work.size += summary.size - folding.limit;
  return summary;
}

export function foldTurns(work: WorkingWindow, reading: () => TextIndex): WindowStrategy {
  const cap = shareOfSize('summary', work.policy, work.estimator);
  const least = work.estimator.sizeOfTokens(LEAST_SUMMARY_TOKENS);
  const nothing = { taken: [], takenSize: 0, olderSize: 0, limit: 0, next: 0, skipped: [] };
  const folding: Folding = { reading, cap, least, ...nothing };
  return {
    round: () => {
      foldOldest(work, folding);
      if (work.pressure === 'all' && !isAtGoal(work)) squeeze(work, folding);
    },
    finish: () => (folding.taken.length === 0 ? null : finish(work, folding)),
  };
}
