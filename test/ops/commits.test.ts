/** Which subjects of commits are accepted, and why others are not. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { faultOf } from '../../ops/commit-subject.ts';
import { ROOT } from '../support/project.ts';

describe('commits', () => {
  it('take a type, a scope and a subject, and a mark for what breaks users', () => {
    expect(faultOf('feat(games): close a game')).to.equal(null);
    expect(faultOf('refactor(http)!: answer in pieces')).to.equal(null);
    expect(faultOf(`fix(cache): ${'x'.repeat(60)}`)).to.equal(null);
  });

  const refused = {
    'Close a game': 'it is not of the form "type(scope): subject"',
    'feat: close a game': 'it is not of the form "type(scope): subject"',
    'feat(games):close a game': 'it is not of the form "type(scope): subject"',
    'feature(games): close a game': '"feature" is none of',
    [`fix(cache): ${'x'.repeat(61)}`]: 'it has 73 characters, and 72 are the most',
    'feat(games): close a game.': 'it ends with a full stop',
  };
  for (const [subject, fault] of Object.entries(refused)) {
    it(`refuse "${subject.slice(0, 30)}" because ${fault.replace(/^it /, 'it ')}`, () => {
      expect(faultOf(subject)).to.include(fault);
    });
  }

  it('of a range are looked at one by one, merges left out', () => {
    const folder = mkdtempSync(join(tmpdir(), 'tavernkeep-commits-'));
    const git = (...args: readonly string[]) =>
      spawnSync('git', ['-c', 'user.name=T', '-c', 'user.email=t@example.net', ...args], { cwd: folder });
    const check = (range: string) =>
      spawnSync(process.execPath, [join(ROOT, 'ops/check-commits.ts'), range], { cwd: folder, encoding: 'utf8' });
    try {
      git('init', '--quiet', '--initial-branch=main');
      for (const subject of ['An old one', 'feat(games): close a game', 'Whatever'])
        git('commit', '--quiet', '--allow-empty', '--message', subject);
      expect(check('HEAD~2..HEAD~1')).to.deep.include({ status: 0, stdout: '1 commits, 0 with a fault\n' });
      const both = check('HEAD~2..HEAD');
      expect(both.status).to.equal(1);
      expect(both.stdout)
        .to.match(/ Whatever\n {2}it is not of the form/)
        .and.not.include('An old one');
      expect(check('nowhere..HEAD').status).to.equal(1);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
