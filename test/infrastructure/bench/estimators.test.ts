/** The table of the estimators' errors in the documents is what the bench finds. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { scriptRows } from '../../../bench/estimators/scripts.ts';
import { ROOT } from '../../support/project.ts';

/** Generated talk gets new words now and then. */
const TOLERANCE = 0.05;
const WRITTEN = ['English', 'German', 'Russian', 'Chinese', 'Japanese', 'Korean', 'emoji', 'JSON', 'code', 'base64'];

describe('docs/tokenizers.md', () => {
  it('has a row for each way of writing, with the error of each estimator as the bench finds it', async () => {
    const page = readFileSync(join(ROOT, 'docs/tokenizers.md'), 'utf8');
    const table = page.split('\n').filter((line) => line.startsWith('|'));
    const cells = table.map((line) =>
      line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );
    const [head, , ...rows] = cells;
    const found = await scriptRows();
    expect(head?.slice(1).map((name) => name.replaceAll('`', ''))).to.deep.equal(Object.keys(found[0]?.ratios ?? {}));
    expect(rows.map(([script]) => script)).to.deep.equal(WRITTEN);
    expect(found.map(({ script }) => script)).to.deep.equal(WRITTEN);
    for (const [row, { script, ratios }] of found.entries())
      for (const [column, ratio] of Object.values(ratios).entries())
        expect(Number(rows[row]?.[column + 1]), `${script}, column ${column}`).to.be.closeTo(ratio, TOLERANCE);
  });
});
