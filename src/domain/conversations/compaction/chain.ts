/** The compaction chain: runs the strategies in rounds, in their configured order, until the window meets its goal. */
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

/**
 * The input of a compaction. Plain data that survives `structuredClone`, so that it can be posted to a worker thread.
 */
export type CompactionJob = Readonly<{
  /** The prospective window: a message that is being appended is its last entry. */
  window: Window;
  policy: ContextPolicy;
  goal: Goal;
  /** Whether the last entry is a message that is being appended, which is protected whatever its size. */
  appending: boolean;
  /** The chain of this compaction, if it is not the policy's. */
  strategies?: readonly StrategyName[];
}>;

/** The result of a compaction. `steps` has an entry for each strategy that changed something, in order of first use. */
export type Compacted = Readonly<{ window: Window; steps: readonly StrategyUse[]; summariesAdded: number }>;

/** What a strategy has freed so far; `size` is in the estimator's unit. */
type StrategyStats = { name: StrategyName; size: number; entries: number; ms: number };
type StatsByStrategy = Map<StrategyName, StrategyStats>;

/**
 * Runs one step of a strategy and adds what it freed to the strategy's statistics. Strategies without effect get none.
 */
function record(
  work: WorkingWindow,
  stats: StatsByStrategy,
  name: StrategyName,
  elapsedMs: () => number,
  step: () => void,
): void {
  const { size, count } = work;
  const startedMs = elapsedMs();
  step();
  const freed = { name, size: size - work.size, entries: count - work.count, ms: elapsedMs() - startedMs };
  const total = stats.get(name);
  if (total === undefined) {
    if (freed.size !== 0 || freed.entries !== 0) stats.set(name, freed);
    return;
  }
  total.size += freed.size;
  total.entries += freed.entries;
  total.ms += freed.ms;
}

/**
 * Converts the statistics to tokens. Each strategy gets the difference of two rounded running totals, so that the
 * rounded numbers add up to what the whole compaction freed.
 */
function stepsOf(stats: StatsByStrategy, before: number, estimator: Estimator): readonly StrategyUse[] {
  let size = before;
  return [...stats.values()].map((total) => {
    const tokens = estimator.tokens(size);
    size -= total.size;
    return {
      name: total.name,
      tokensFreed: tokens - estimator.tokens(size),
      entriesRemoved: total.entries,
      ms: total.ms,
    };
  });
}

/** Runs each strategy once, in order, until the goal is met. Returns whether the window became smaller. */
function runRound(work: WorkingWindow, names: readonly StrategyName[], run: (name: StrategyName) => void): boolean {
  const { size, count } = work;
  for (const name of names) if (!isAtGoal(work)) run(name);
  return work.size < size || work.count < count;
}

/** Runs rounds until the goal is met. When a round gains nothing the pressure rises; it gives up at the highest one. */
function runRounds(work: WorkingWindow, names: readonly StrategyName[], run: (name: StrategyName) => void): void {
  for (const pressure of PRESSURES) {
    work.pressure = pressure;
    while (!isAtGoal(work) && runRound(work, names, run));
  }
}

/**
 * Compacts a window until it meets the goal or nothing more can be gained; callers check which with `isMet`.
 *
 * Deterministic: the same job and estimator give the same window, and only the times in `steps` differ. Time is linear
 * in the size of the window. `elapsedMs` is a monotonic clock in milliseconds, which is read for `steps` only.
 */
export function compact(job: CompactionJob, estimator: Estimator, elapsedMs: () => number): Compacted {
  const names = job.strategies ?? job.policy.strategies;
  const work = fromWindow(job.window, job.policy, estimator, { ...job, strategies: names });
  // Indexed on first use: a window that deduplication alone brings to its goal is never read.
  let textIndex: TextIndex | undefined;
  const readIndex = () => (textIndex ??= indexWindow(work));
  const folding = foldTurns(work, readIndex);
  const rounds = {
    dedupe: dedupe(work),
    summarize: summarize(work, readIndex),
    window: folding.round,
    drop: stubArtefacts(work),
  };
  const stats: StatsByStrategy = new Map();
  runRounds(work, names, (name) => record(work, stats, name, elapsedMs, rounds[name]));
  // The cast keeps control-flow analysis from narrowing the variable to `null`: the callback below assigns it.
  let summary = null as ReturnType<typeof folding.finish>;
  record(work, stats, 'window', elapsedMs, () => {
    summary = folding.finish();
  });
  const window = toWindow(work, job.window.systemPrompt, summary);
  const summariesAdded = summary === null || job.window.entries.includes(summary) ? 0 : 1;
  return { window, steps: stepsOf(stats, job.window.size, estimator), summariesAdded };
}
