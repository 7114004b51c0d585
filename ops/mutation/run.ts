/** A run from the sample to the score. */
import { globSync } from 'node:fs';
import { Refusal } from '../new/refusal.ts';
import { Compiler } from './compiler.ts';
import { CoverageMap, testFiles } from './coverage-map.ts';
import type { Mutant } from './mutant.ts';
import { asJson, isNoticed, lineOf, scores } from './report.ts';
import { sample } from './sample.ts';
import { inCopies } from './tree-copy.ts';
import { type Trial, tryMutant } from './trial.ts';

type Choice = Readonly<{ seed: number; count: number; only: readonly string[] }>;
type Options = Readonly<{
  seed: number;
  tests: readonly string[];
  budgetSeconds: number;
  spareMs: number;
  workers: number;
  fresh: boolean;
  tell: (line: string) => void;
}>;

/** Whether a file is one of the parts or below one; parts are named from the project or from src/. */
export function isBelow(file: string, parts: readonly string[]): boolean {
  return parts.some((part) => {
    const path = part.startsWith('src/') ? part.replace(/\/$/, '') : `src/${part.replace(/\/$/, '')}`;
    return file === path || file.startsWith(`${path}/`);
  });
}

/** Throws where one of the parts names nothing. */
export function sourceFiles(root: string, parts: readonly string[]): readonly string[] {
  const all = globSync('src/**/*.ts', { cwd: root }).sort();
  const nothing = parts.find((part) => !all.some((file) => isBelow(file, [part])));
  if (nothing !== undefined) throw new Refusal(`There is no ${nothing} below src/.`);
  return parts.length === 0 ? all : all.filter((file) => isBelow(file, parts));
}

/** The mutants of the files: a sample of those that compile, or the ones with these ids. */
export function chooseMutants(
  root: string,
  files: readonly string[],
  { seed, count, only }: Choice,
): readonly Mutant[] {
  const compiler = new Compiler(root, globSync('src/**/*.ts', { cwd: root }));
  const mutants = files.flatMap((file) => compiler.mutantsOf(file));
  if (only.length > 0) return mutants.filter(({ id }) => only.includes(id));
  return sample(mutants, count, seed, (mutant) => compiler.accepts(mutant));
}

export async function tryMutants(
  root: string,
  mutants: readonly Mutant[],
  options: Options,
): Promise<Readonly<{ trials: readonly Trial[]; json: string }>> {
  const { tell, workers } = options;
  const map = new CoverageMap(root);
  await map.prepare(testFiles(root, options.tests), [...new Set(mutants.map(({ file }) => file))], options);
  const trials: Trial[] = [];
  await inCopies(root, workers, mutants, async (mutant, copy) => {
    const trial = await tryMutant(mutant, copy, map.covering(mutant.file, mutant.start), { root, ...options });
    trials.push(trial);
    if (!isNoticed(trial)) tell(`${lineOf(mutant)}${trial.verdict === 'not covered' ? ' (run by no test)' : ''}`);
  });
  for (const row of scores(trials)) tell(row);
  return { trials, json: asJson(root, options.seed, trials) };
}
