/** `npm run test:mutation` on a small project: what is caught, what survives, what hangs, what is out of date. */
import { existsSync, globSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { readKnownFaults, tryKnownFaults } from '../../ops/mutation/known-faults.ts';
import { layerOf, type Mutant } from '../../ops/mutation/mutant.ts';
import { chooseMutants, sourceFiles, tryMutants } from '../../ops/mutation/run.ts';
import { batchesWithin, likeliestFirst } from '../../ops/mutation/trial.ts';
import { type PlantedFile, plant } from '../support/planted-tree.ts';

const AGES = `
import type { Words } from './words.ts';
type Kind = 'child' | 'adult';
/** 18 < 19 */
export function kindOf(age: number): Kind {
  return age < 18 ? 'child' : 'adult';
}
export function countTo(end: number): number {
  let count = 0;
  while (count < end) {
    count += 1;
  }
  return count;
}
export function unused(words: Words): boolean {
  return words.a && words.b;
}
`;
const FILES: readonly PlantedFile[] = [
  { path: '.mocharc.json', text: '{ "timeout": 300000 }' },
  { path: 'src/domain/ages.ts', text: AGES },
  { path: 'src/domain/words.ts', text: 'export type Words = Readonly<{ a: boolean; b: boolean }>;\n' },
  {
    path: 'test/domain/ages.test.ts',
    text: `
import { equal } from 'node:assert/strict';
import { countTo, kindOf } from '../../src/domain/ages.ts';
it('knows children', () => equal(kindOf(3), 'child'));
it('counts', () => equal(countTo(2), 2));
`,
  },
  {
    path: 'test/domain/broken.test.ts',
    text: `
import { equal } from 'node:assert/strict';
import { kindOf } from '../../src/domain/ages.ts';
it('fails whatever is planted', () => equal(kindOf(18), 'child'));
`,
  },
];
const FILE = 'src/domain/ages.ts';
const TEST = 'test/domain/ages.test.ts';

describe('npm run test:mutation', function () {
  this.timeout(120_000);

  let project: ReturnType<typeof plant>;
  let mutants: readonly Mutant[];
  before(() => {
    project = plant(FILES);
    mutants = choose(1_000);
  });
  after(() => project[Symbol.dispose]());

  function choose(count: number, seed = 1): readonly Mutant[] {
    return chooseMutants(project.folder, sourceFiles(project.folder, ['domain']), { seed, count, only: [] });
  }

  function mutant(operator: string, before: string, text: string): Mutant {
    const found = mutants.find((one) => one.operator === operator && one.before === before && one.text === text);
    if (found === undefined) throw new Error(`No ${operator} of ${before} among ${mutants.map((one) => one.before)}`);
    return found;
  }

  const told: string[] = [];
  function tell(line: string): void {
    told.push(line);
  }

  async function verdictsOf(...tried: readonly Mutant[]): Promise<Readonly<Record<string, string>>> {
    const options = { seed: 1, tests: ['domain'], budgetSeconds: 60, workers: 2, fresh: false, spareMs: 1_500, tell };
    const { trials, json } = await tryMutants(project.folder, tried, options);
    writeFileSync(join(project.folder, 'report.json'), json);
    return Object.fromEntries(trials.map((trial) => [trial.mutant.operator, trial.verdict]));
  }

  function known(...lines: readonly object[]): ReturnType<typeof readKnownFaults> {
    const path = join(project.folder, 'known.jsonl');
    writeFileSync(path, lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
    return readKnownFaults(path);
  }

  it('tells what was caught, what survived, what hung, and what no test runs', async () => {
    const tried = [
      mutant('word', "'child'", "'adult'"),
      mutant('boundary', '<', '<='),
      mutant('statement', 'count += 1;', ';'),
      mutant('logic', '&&', '||'),
    ];
    expect(await verdictsOf(...tried)).to.deep.equal({
      word: 'killed',
      boundary: 'survived',
      statement: 'hung',
      logic: 'not covered',
    });
    expect(told).to.include(`${FILE}:6 ${tried[1]?.id} boundary: < → <=`);
    expect(told).to.include(`${FILE}:16 ${tried[3]?.id} logic: && → || (run by no test)`);
    expect(told.at(-1)).to.match(/^all +2 \/ 4 \(50 %\), 1 run by no test$/);
    expect(told.join()).to.include('fails or hangs unmodified and alone: test/domain/broken.test.ts');
  });

  it('leaves the tree as it was, and no copy of it', () => {
    expect(readFileSync(join(project.folder, FILE), 'utf8')).to.equal(AGES);
    expect(globSync('/tmp/tavernkeep-mutation-*/src/domain/ages.ts')).to.deep.equal([]);
  });

  it('writes survivors in the form of known faults', async () => {
    const { results } = JSON.parse(readFileSync(join(project.folder, 'report.json'), 'utf8'));
    for (const { id, file, search, replace } of results) {
      const [fault] = known({ id, file, search, replace, tests: [TEST] });
      expect(AGES.split(search)).to.have.lengthOf(2);
      expect(fault?.replace).not.to.equal(search);
    }
  });

  it('plants nothing in types, imports and comments, and nothing that does not compile', () => {
    expect(mutants.map(({ line }) => line)).not.to.include.members([2, 3, 4]);
    expect(mutants.map(({ before }) => before)).not.to.include('age < 18 ? ');
    expect(mutants.filter(({ operator }) => operator === 'argument')).to.deep.equal([]);
  });

  it('gives the same sample for the same seed', () => {
    expect(choose(5, 7)).to.deep.equal(choose(5, 7));
    expect(choose(5, 7)).not.to.deep.equal(choose(5, 8));
    expect(layerOf(choose(1)[0]?.file ?? '')).to.equal('domain');
  });

  it('runs near, fast and thorough tests first, in growing batches, and no more than the budget', () => {
    const covering = (test: string, seconds: number, share = 10) => ({ test: `test/${test}.test.ts`, seconds, share });
    const near = covering('domain/ages', 2);
    const slow = covering('domain/slow', 3);
    const far = covering('http/kinds', 2);
    const shallow = covering('http/other', 2, 1);
    const long = covering('http/long', 30);
    const ordered = likeliestFirst(FILE, [long, shallow, far, slow, near]);
    expect(ordered).to.deep.equal([near, slow, far, shallow, long]);
    expect(batchesWithin(10, ordered)).to.deep.equal([
      [near, slow],
      [far, shallow],
    ]);
    expect(batchesWithin(1, [long, near])).to.deep.equal([[long]]);
  });

  it('refuses a part that is not there', () => {
    expect(() => sourceFiles(project.folder, ['domian'])).to.throw('There is no domian below src/.');
  });

  it('plants known faults, and says which are not noticed or out of date', async () => {
    const fault = (id: string, search: string, replace: string, tests = [TEST]) => ({
      id,
      file: FILE,
      search,
      replace,
      tests,
    });
    const faults = known(
      fault('K1', "'child' : 'adult'", "'adult' : 'child'"),
      fault('K2', 'age < 18', 'age <= 18'),
      fault('K3', 'age < 21', 'age <= 21'),
      fault('K4', 'count', 'counted'),
      fault('K5', 'age < 18', 'age <= 18', ['test/domain/gone.test.ts']),
      { id: 'K6', gone: 'nobody has an age any more' },
    );
    const { noticed, failures } = await tryKnownFaults(project.folder, faults, { workers: 2, tell });
    expect(noticed).to.equal(1);
    expect(failures).to.have.members([
      `K2 is not noticed by ${TEST} (${FILE})`,
      `K3 is stale: the text to replace is 0 times in ${FILE}, not once`,
      `K4 is stale: the text to replace is 5 times in ${FILE}, not once`,
      'K5 is stale: there is no test/domain/gone.test.ts',
    ]);
  });

  it('names the line of known faults that is in another form', () => {
    expect(() => known({ id: 'K1', file: 'test/x.ts' })).to.throw('known.jsonl:1 is no known fault');
    expect(existsSync(join(project.folder, 'known.jsonl'))).to.equal(true);
  });
});
