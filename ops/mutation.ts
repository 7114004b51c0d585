/**
 * `npm run test:mutation -- [folder or file below src/…]`: plants small faults one at a time, in copies of the tree,
 * and says which of them no test notices.
 */
import { writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join, resolve } from 'node:path';
import process from 'node:process';
import { parseArgs } from 'node:util';
import { KNOWN_FAULTS, readKnownFaults, tryKnownFaults } from './mutation/known-faults.ts';
import { lineOf } from './mutation/report.ts';
import { chooseMutants, isBelow, sourceFiles, tryMutants } from './mutation/run.ts';
import { Refusal } from './new/refusal.ts';

const ROOT = join(import.meta.dirname, '..');
const USAGE = `npm run test:mutation -- [folder or file below src/…] [options]
  --count N     how many mutants (50)
  --seed S      which ones; without it others each time
  --list        only prints the mutants
  --only ID     only this one of them; repeatable
  --known       plants the faults of ${KNOWN_FAULTS} instead (or of --from FILE)
  --tests DIR   folders of test/ (domain adapters application contracts infrastructure http); repeatable
  --budget S    seconds of tests for one mutant (90)
  --workers N   copies of the tree that are tried at once
  --json FILE   writes everything that was tried, in a form that known faults take
  --fresh       finds out again what each test runs through`;

/** Without those that look at the tree itself, and without what is slow. */
const TESTS = ['domain', 'application', 'adapters', 'contracts', 'infrastructure', 'http'];

/** For a machine that is busy with something else. */
const SPARE_MS = 20_000;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    count: { type: 'string', default: '50' },
    seed: { type: 'string', default: String(Date.now() % 100_000) },
    list: { type: 'boolean', default: false },
    only: { type: 'string', multiple: true, default: [] },
    known: { type: 'boolean', default: false },
    from: { type: 'string', default: KNOWN_FAULTS },
    tests: { type: 'string', multiple: true, default: TESTS },
    budget: { type: 'string', default: '90' },
    workers: { type: 'string', default: String(availableParallelism()) },
    json: { type: 'string' },
    fresh: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

function tell(line: string): void {
  process.stdout.write(`${line}\n`);
}

async function known(): Promise<void> {
  const all = readKnownFaults(resolve(ROOT, values.from));
  const faults = all.filter(({ id, file }) =>
    values.only.length > 0 ? values.only.includes(id) : positionals.length === 0 || isBelow(file, positionals),
  );
  if (faults.length === 0) throw new Refusal('There is no such known fault.');
  const { noticed, failures } = await tryKnownFaults(ROOT, faults, { workers: Number(values.workers), tell });
  tell(`${noticed} of ${faults.length} known faults are noticed`);
  process.exitCode = failures.length === 0 ? 0 : 1;
}

async function random(): Promise<void> {
  const [seed, count] = [Number(values.seed), Number(values.count)];
  const mutants = chooseMutants(ROOT, sourceFiles(ROOT, positionals), { seed, count, only: values.only });
  tell(`seed ${seed}, ${mutants.length} mutants`);
  if (values.list) return mutants.forEach((mutant) => void tell(lineOf(mutant)));
  const options = {
    tests: values.tests,
    budgetSeconds: Number(values.budget),
    workers: Number(values.workers),
    spareMs: SPARE_MS,
  };
  const { json } = await tryMutants(ROOT, mutants, { ...options, seed, fresh: values.fresh, tell });
  if (values.json !== undefined) writeFileSync(values.json, json);
}

try {
  if (values.help) tell(USAGE);
  else await (values.known ? known() : random());
} catch (error) {
  if (!(error instanceof Refusal)) throw error;
  process.stderr.write(`${error.message}\n${USAGE}\n`);
  process.exitCode = 1;
}
