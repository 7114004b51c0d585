/** Faults that tests are known to notice: each is planted, and its tests must fail. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { Refusal } from '../new/refusal.ts';
import { environmentFor, runTests } from './test-process.ts';
import { inCopies } from './tree-copy.ts';

export const KNOWN_FAULTS = 'test/support/mutation/known-faults.jsonl';
const LIMIT_MS = 240_000;

const knownFault = z.strictObject({
  id: z.string().min(1),
  file: z.string().startsWith('src/'),
  search: z.string().min(1),
  replace: z.string(),
  tests: z.array(z.string().startsWith('test/')).min(1),
});
type KnownFault = z.infer<typeof knownFault>;
/** A fault that the code has no place for any more, with the reason. */
const goneFault = z.strictObject({ id: z.string().min(1), gone: z.string().min(1) });

/** Reads the lines of faults that can be planted; throws with the number of the one that is not in the form. */
export function readKnownFaults(path: string): readonly KnownFault[] {
  if (!existsSync(path)) throw new Refusal(`There is no ${path}.`);
  const lines = readFileSync(path, 'utf8').split('\n');
  return lines.flatMap((line, at) => {
    if (line === '') return [];
    try {
      const fault = z.union([knownFault, goneFault]).parse(JSON.parse(line));
      return 'gone' in fault ? [] : [fault];
    } catch (cause) {
      throw new Refusal(`${path}:${at + 1} is no known fault (id, file, search, replace, tests).`, { cause });
    }
  });
}

/** Why the fault cannot be planted as it is written; undefined where it can. */
function staleness(root: string, { file, search, tests }: KnownFault): string | undefined {
  const missing = [file, ...tests].find((path) => !existsSync(join(root, path)));
  if (missing !== undefined) return `there is no ${missing}`;
  const found = readFileSync(join(root, file), 'utf8').split(search).length - 1;
  return found === 1 ? undefined : `the text to replace is ${found} times in ${file}, not once`;
}

/** Plants each fault. Returns how many were noticed, and a line for each that is stale or was not. */
export async function tryKnownFaults(
  root: string,
  faults: readonly KnownFault[],
  options: Readonly<{ workers: number; tell: (line: string) => void }>,
): Promise<Readonly<{ noticed: number; failures: readonly string[] }>> {
  const failures: string[] = [];
  let noticed = 0;
  const fail = (line: string) => {
    failures.push(line);
    options.tell(line);
  };
  const sound = faults.filter((fault) => {
    const why = staleness(root, fault);
    if (why !== undefined) fail(`${fault.id} is stale: ${why}`);
    return why === undefined;
  });
  const environment = environmentFor(root);
  const sane = new Map<string, boolean>();
  await inCopies(root, options.workers, [...new Set(sound.flatMap(({ tests }) => tests))], async (test, copy) => {
    const { outcome, output } = await runTests(copy.folder, [test], LIMIT_MS, environment);
    sane.set(test, outcome === 'passed');
    if (outcome !== 'passed') fail(`${test} fails without any fault:\n${output}`);
  });
  const tried = sound.filter(({ tests }) => tests.every((test) => sane.get(test)));
  await inCopies(root, options.workers, tried, async ({ id, file, search, replace, tests }, copy) => {
    const start = readFileSync(join(root, file), 'utf8').indexOf(search);
    const edit = { file, start, end: start + search.length, text: replace };
    const { outcome } = await copy.with(edit, () => runTests(copy.folder, tests, LIMIT_MS, environment));
    if (outcome !== 'passed') noticed += 1;
    else fail(`${id} is not noticed by ${tests.join(', ')} (${file})`);
  });
  return { noticed, failures };
}
