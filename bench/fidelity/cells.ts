/** The table of fidelity: a row for each measure of each genre at each budget. */
import type { Row } from '../table.ts';
import { type Interval, intervalOf, mean } from './bootstrap.ts';
import { MEASURES, type Measure, type Scores } from './measures/scores.ts';
import type { Sample } from './sample.ts';

/** The scores of all systems on one sample at one budget; ours are under `ours`. */
export type Result = Readonly<{ sample: Sample; budget: number; scores: Readonly<Record<string, Scores>> }>;

/** A row that compares with the best baseline, or, with `all`, one that names them all. */
export function rowsOf(results: readonly Result[], all: boolean): readonly Row[] {
  const cells = Map.groupBy(
    results.flatMap((result) => measuresOf(result).map((measure) => ({ result, measure }))),
    ({ result, measure }) => titleOf(result, measure),
  );
  return [...cells].map(([title, each]) => {
    const { measure } = each[0]!;
    return rowOf(
      title,
      each.map(({ result }) => result),
      measure,
      all,
    );
  });
}

function measuresOf({ scores }: Result): readonly Measure[] {
  return (Object.keys(MEASURES) as Measure[]).filter((measure) => scores.ours![measure] !== undefined);
}

/** Planted facts are told by language, everything else by genre. */
function titleOf({ sample, budget }: Result, measure: Measure): string {
  const what = measure === 'planted' ? `${sample.genre} in ${sample.language}` : sample.genre;
  return `fidelity ${budget / 1_000} k, ${what}: ${MEASURES[measure]}`;
}

function rowOf(title: string, results: readonly Result[], measure: Measure, all: boolean): Row {
  const valuesOf = (system: string) => results.map(({ scores }) => scores[system]![measure]!);
  const ours = valuesOf('ours');
  const others = Object.keys(results[0]!.scores)
    .filter((system) => system !== 'ours')
    .map((name) => ({ name, values: valuesOf(name) }))
    .toSorted((a, b) => mean(b.values) - mean(a.values));
  const best = others[0]!;
  const differences = ours.map((value, i) => value - best.values[i]!);
  const shown = all ? others : [best];
  return {
    work: `${title} (${results.length})`,
    ours: figure(ours),
    peer: shown.map(({ name, values }) => `${name} ${figure(values)}`).join(', '),
    ratio: `${(mean(ours) / mean(best.values)).toFixed(2)}x, ${signed(mean(differences))} ${bounds(intervalOf(differences))}`,
    bar: '≥ all',
    met: roughly(mean(ours)) >= roughly(mean(best.values)),
  };
}

function figure(values: readonly number[]): string {
  return `${mean(values).toFixed(3)} ${bounds(intervalOf(values))}`;
}

function bounds({ low, high }: Interval): string {
  return `[${low.toFixed(2)}, ${high.toFixed(2)}]`;
}

function signed(value: number): string {
  return `${value < 0 ? '' : '+'}${value.toFixed(3)}`;
}

/** Without the last digit that is printed. */
function roughly(value: number): number {
  return Math.round(value * 100);
}
