/** The table of docs/tokenizers.md: how far each estimator is from what a model counts, by what is written. */
import { scriptRows } from './estimators/scripts.ts';
import type { Row } from './table.ts';

export async function run(): Promise<Row[]> {
  return (await scriptRows()).map(({ script, ratios }) => ({
    work: `estimators on ${script}, over the tokens of o200k_base`,
    ours: Object.entries(ratios)
      .map(([name, ratio]) => `${name} ${ratio.toFixed(2)}`)
      .join(', '),
  }));
}
