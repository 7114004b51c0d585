/** One mutant against the tests that run through its place, the likeliest first. */
import type { CoveringTest } from './coverage-map.ts';
import type { Mutant } from './mutant.ts';
import { environmentFor, runTests } from './test-process.ts';
import type { TreeCopy } from './tree-copy.ts';

export type Verdict = 'killed' | 'hung' | 'survived' | 'not covered';
export type Trial = Readonly<{ mutant: Mutant; verdict: Verdict; tests: readonly string[] }>;

/** A run may take so many times as long as it does unmodified: the machine may be busy. */
const LIMIT_FACTOR = 5;
export type TrialOptions = Readonly<{
  root: string;
  /** Seconds of tests for one mutant. */
  budgetSeconds: number;
  /** What a run may take besides, before it counts as hung. */
  spareMs: number;
}>;

/** Seconds of tests in the first process; each further one has three times as many. */
const FIRST_BATCH_SECONDS = 4;
const GROWTH = 3;

/** Tests that share words with the file's name and folders, cover much of it, and are fast, first. */
export function likeliestFirst(file: string, tests: readonly CoveringTest[]): readonly CoveringTest[] {
  const words = new Set(wordsOf(file));
  const cost = ({ test, seconds, share }: CoveringTest) =>
    (1 + seconds) / ((1 + wordsOf(test).filter((word) => words.has(word)).length) ** 2 * (1 + share));
  return tests.toSorted((a, b) => cost(a) - cost(b));
}

function wordsOf(path: string): readonly string[] {
  return path
    .split(/[/.-]/)
    .filter((word) => !['src', 'test', 'ts', 'routes', 'adapters', 'application'].includes(word));
}

/** Splits tests into growing batches, as many as take no longer than the budget in all; the first always fits. */
export function batchesWithin(budgetSeconds: number, tests: readonly CoveringTest[]): readonly CoveringTest[][] {
  const batches: CoveringTest[][] = [];
  let [spent, filled, size] = [0, Number.POSITIVE_INFINITY, FIRST_BATCH_SECONDS / GROWTH];
  for (const test of tests) {
    if (spent > 0 && spent + test.seconds > budgetSeconds) continue;
    if (filled >= size) {
      batches.push([]);
      [filled, size] = [0, size * GROWTH];
    }
    batches.at(-1)?.push(test);
    [spent, filled] = [spent + test.seconds, filled + test.seconds];
  }
  return batches;
}

/** Plants the mutant in the copy and runs tests until one notices. */
export async function tryMutant(
  mutant: Mutant,
  copy: TreeCopy,
  covering: readonly CoveringTest[],
  options: TrialOptions,
): Promise<Trial> {
  if (covering.length === 0) return { mutant, verdict: 'not covered', tests: [] };
  const batches = batchesWithin(options.budgetSeconds, likeliestFirst(mutant.file, covering));
  return copy.with(mutant, async () => {
    for (const batch of batches) {
      const tests = batch.map(({ test }) => test);
      const seconds = batch.reduce((sum, test) => sum + test.seconds, 0);
      const limitMs = seconds * 1_000 * LIMIT_FACTOR + options.spareMs;
      const { outcome } = await runTests(copy.folder, tests, limitMs, environmentFor(options.root));
      if (outcome !== 'passed') return { mutant, verdict: outcome === 'hung' ? 'hung' : 'killed', tests };
    }
    return { mutant, verdict: 'survived', tests: batches.flat().map(({ test }) => test) };
  });
}
