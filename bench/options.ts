/** How the benchmarks were asked to run: `--quick` for a first look, `--only` for some of the parts, `--all` for every
 * peer. */
import { parseArgs } from 'node:util';

const { values } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    all: { type: 'boolean', default: false },
    only: { type: 'string' },
  },
});

/** Fewer and shorter rounds: for a look, not for a verdict. */
export const quick = values.quick;

/** Every peer in a row that otherwise names the best of them. */
export const all = values.all;

/** The parts that were asked for; all of them where none were named. */
export const only: readonly string[] | undefined = values.only?.split(',').map((name) => name.trim());
