/** A release by `npm version`: changelog, commit and tag. */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { released } from '../../ops/changelog.ts';
import { faultOf } from '../../ops/commit-subject.ts';
import { ROOT } from '../support/project.ts';

const CHANGELOG = '# Changelog\n\n## Unreleased\n\n### Added\n\n- Games end.\n\n## 0.1.0 – 2026-01-01\n\n- Games.\n';
const RELEASED = CHANGELOG.replace('## Unreleased\n', '## Unreleased\n\n## 0.2.0 – 2026-02-03\n');

describe('a release', function () {
  this.timeout(60_000);

  it('moves what is unreleased below the version and its day', () => {
    expect(released(CHANGELOG, '0.2.0', '2026-02-03')).to.equal(RELEASED);
  });

  it('is refused where nothing is unreleased, or the version is there', () => {
    expect(() => released(RELEASED, '0.3.0', '2026-02-04')).to.throw('nothing to release');
    expect(() => released(CHANGELOG, '0.1.0', '2026-02-04')).to.throw('0.1.0 has been released already');
    expect(() => released('# Changelog\n', '0.1.0', '2026-02-04')).to.throw('no "## Unreleased"');
  });

  it('is one commit and one tag', () => {
    const folder = mkdtempSync(join(tmpdir(), 'tavernkeep-release-'));
    const run = (command: string, ...args: readonly string[]) =>
      spawnSync(command, args, {
        cwd: folder,
        encoding: 'utf8',
        env: {
          ...process.env,
          GIT_AUTHOR_NAME: 'T',
          GIT_AUTHOR_EMAIL: 't@example.net',
          GIT_COMMITTER_NAME: 'T',
          GIT_COMMITTER_EMAIL: 't@example.net',
        },
      });
    const git = (...args: readonly string[]) => run('git', ...args).stdout.trim();
    try {
      for (const path of ['package.json', '.npmrc', 'ops'])
        cpSync(join(ROOT, path), join(folder, path), { recursive: true });
      writeFileSync(join(folder, 'CHANGELOG.md'), CHANGELOG);
      git('init', '--quiet', '--initial-branch=main');
      git('add', '.');
      git('commit', '--quiet', '--message', 'feat(games): end games');
      const version = run('npm', 'version', '9.8.7');
      expect(version.status, version.stderr).to.equal(0);
      const subject = git('log', '-1', '--format=%s');
      expect([subject, faultOf(subject)]).to.deep.equal(['chore(release): 9.8.7', null]);
      expect(git('tag', '--points-at', 'HEAD')).to.equal('v9.8.7');
      expect(git('status', '--porcelain')).to.equal('');
      expect(readFileSync(join(folder, 'CHANGELOG.md'), 'utf8')).to.match(
        /## Unreleased\n\n## 9\.8\.7 – \d{4}-\d\d-\d\d\n/,
      );
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
