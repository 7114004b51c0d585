/** What the command line says to what it does not know. */
import { spawnSync } from 'node:child_process';
import { expect } from 'chai';
import { CLI } from '../../support/project.ts';

describe('The command line', function () {
  this.timeout(20_000);

  for (const args of [[], ['toString'], ['migrate-down']]) {
    it(`fails for ${args[0] ?? 'nothing'}, and says what there is`, () => {
      const env = { PATH: process.env.PATH };
      const { status, stdout, stderr } = spawnSync(process.execPath, [CLI, ...args], { env, encoding: 'utf8' });
      expect([status, stdout]).to.deep.equal([1, '']);
      for (const command of ['migrate', 'backup', 'restore', 'keys:rotate', 'admin:reset', 'audit:verify'])
        expect(stderr).to.include(`npm run ${command}`);
    });
  }
});
