/** The chain: strategies in rounds, gentlest first, until a window meets its goal and no further. */
import type { ContextPolicy, StrategyName } from '../context-policy.ts';
import type { StrategyUse } from '../revision.ts';
import type { Estimator } from '../usage.ts';
import type { Window } from '../window.ts';
import { dedupe } from './strategies/dedupe.ts';
import { foldTurns } from './strategies/fold-turns.ts';
import { stubArtefacts } from './strategies/stub-artefacts.ts';
import { summarize } from './strategies/summarize.ts';
import { indexWindow, type TextIndex } from './summary/text-index.ts';
import { fromWindow, type Goal, isAtGoal, PRESSURES, toWindow, type WorkingWindow } from './window/working-window.ts';

export type { Goal } from './window/working-window.ts';

/** Plain data: it survives `structuredClone`, so that a compaction can run in a thread of its own. */
export type CompactionJob = Readonly<{
  /** Prospective: the message being appended, if any, is its last entry. */
  window: Window;
  policy: ContextPolicy;
  goal: Goal;
  /** The last entry is the message being appended, protected whatever its size. */
  appending: boolean;
  /** In the place of the policy's own, for one compaction. */
  strategies?: readonly StrategyName[];
}>;

export type Compacted = Readonly<{ window: Window; steps: readonly StrategyUse[]; summariesAdded: number }>;

/** What a strategy freed so far; sizes in the estimator's unit. */
type StrategyStats = { name: StrategyName; size: number; entries: number; ms: number };
type StatsByStrategy = Map<StrategyName, StrategyStats>;

/** Runs one step of a strategy and enters what it freed. */
function record(
  work: WorkingWindow,
  ledger: StatsByStrategy,
  name: StrategyName,
  elapsedMs: () => number,
  step: () => void,
): void {
  const { size, count } = work;
  const startedMs = elapsedMs();
  step();
  const freed = { name, size: size - work.size, entries: count - work.count, ms: elapsedMs() - startedMs };
  const tally = ledger.get(name);
  if (tally === undefined) {
    if (freed.size !== 0 || freed.entries !== 0) ledger.set(name, freed);
    return;
  }
  tally.size += freed.size;
  tally.entries += freed.entries;
  tally.ms += freed.ms;
}

/** The tallies in tokens; rounded so that they add up to what the whole compaction freed. */
function stepsOf(ledger: StatsByStrategy, before: number, estimator: Estimator): readonly StrategyUse[] {
  let size = before;
  return [...ledger.values()].map((tally) => {
    const tokens = estimator.tokens(size);
    size -= tally.size;
    return {
      name: tally.name,
      tokensFreed: tokens - estimator.tokens(size),
      entriesRemoved: tally.entries,
      ms: tally.ms,
    };
  });
}

/** Each strategy once, in order, unless the goal is met before. */
function runRound(work: WorkingWindow, names: readonly StrategyName[], play: (name: StrategyName) => void): boolean {
  const { size, count } = work;
  for (const name of names) if (!isAtGoal(work)) play(name);
  return work.size < size || work.count < count;
}

/** Rounds, until the goal is met or a round gains nothing although pressed hardest. */
function runRounds(work: WorkingWindow, names: readonly StrategyName[], play: (name: StrategyName) => void): void {
  for (const pressure of PRESSURES) {
    work.pressure = pressure;
    while (!isAtGoal(work) && runRound(work, names, play));
  }
}

/**
 * Compacts a window until it meets the goal, or until nothing more can be gained: callers compare the size.
 * The same job with the same estimator gives the same window; only the times in `steps` differ.
 * Time is linear in the size of the window. `elapsedMs` is a clock that only rises, read for `steps` alone.
 */
export function compact(job: CompactionJob, estimator: Estimator, elapsedMs: () => number): Compacted {
  const names = job.strategies ?? job.policy.strategies;
  const work = fromWindow(job.window, job.policy, estimator, { ...job, strategies: names });
  let reading: TextIndex | undefined;
  const read = () => (reading ??= indexWindow(work));
  const folding = foldTurns(work, read);
  const rounds = {
    dedupe: dedupe(work),
    summarize: summarize(work, read),
    window: folding.round,
    drop: stubArtefacts(work),
  };
  const ledger: StatsByStrategy = new Map();
  runRounds(work, names, (name) => record(work, ledger, name, elapsedMs, rounds[name]));
  let summary = null as ReturnType<typeof folding.finish>;
  record(work, ledger, 'window', elapsedMs, () => {
    summary = folding.finish();
  });
  const window = toWindow(work, job.window.systemPrompt, summary);
  const summariesAdded = summary === null || job.window.entries.includes(summary) ? 0 : 1;
  return { window, steps: stepsOf(ledger, job.window.size, estimator), summariesAdded };
}
