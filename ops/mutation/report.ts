/** How a run is told: a line for each survivor, and the score by layer and in all. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { asKnown, layerOf, type Mutant } from './mutant.ts';
import type { Trial, Verdict } from './trial.ts';

const SHOWN_CHARACTERS = 70;
const NOTICED: readonly Verdict[] = ['killed', 'hung'];

export function isNoticed({ verdict }: Trial): boolean {
  return NOTICED.includes(verdict);
}

/** `file:line id operator: before → after`. */
export function lineOf({ file, line, id, operator, before, text }: Mutant): string {
  return `${file}:${line} ${id} ${operator}: ${short(before)} → ${short(text)}`;
}

function short(text: string): string {
  const oneLine = text.replace(/\s+/g, ' ').trim() || '(nothing)';
  return oneLine.length <= SHOWN_CHARACTERS ? oneLine : `${oneLine.slice(0, SHOWN_CHARACTERS)}…`;
}

/** A row for each layer, then one for all: noticed, tried, per cent. */
export function scores(trials: readonly Trial[]): readonly string[] {
  const layers = Object.entries(Object.groupBy(trials, ({ mutant }) => layerOf(mutant.file)));
  const rows = layers.sort(([a], [b]) => a.localeCompare(b)).map(([layer, own = []]) => row(layer, own));
  return [...rows, row('all', trials)];
}

function row(name: string, trials: readonly Trial[]): string {
  const noticed = trials.filter(isNoticed).length;
  const share = ((100 * noticed) / trials.length).toFixed(0);
  const uncovered = trials.filter(({ verdict }) => verdict === 'not covered').length;
  const note = uncovered === 0 ? '' : `, ${uncovered} run by no test`;
  return `${name.padEnd(24)}${noticed} / ${trials.length} (${share} %)${note}`;
}

/** Everything that was tried, each survivor also as a line for the known faults. */
export function asJson(root: string, seed: number, trials: readonly Trial[]): string {
  const results = trials.map((trial) => {
    const { id, file, line, operator } = trial.mutant;
    const known = asKnown(readFileSync(join(root, file), 'utf8'), trial.mutant);
    return { id, file, line, operator, verdict: trial.verdict, ...known, tests: trial.tests };
  });
  return `${JSON.stringify({ seed, results }, null, 2)}\n`;
}
