/** Rotating keys, killed in the middle: nothing is lost, and the next run goes on with the rest. */

import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { DatabaseSync } from 'node:sqlite';
import { expect } from 'chai';
import { parseFernetKey } from '#adapters/security/fernet.ts';
import { FernetCipher } from '#adapters/security/fernet-cipher.ts';
import { aFernetKey } from '../support/builders/fernet-keys.ts';
import { anOauthAccount, aUser } from '../support/builders/records.ts';
import { CLI } from '../support/project.ts';
import { openTemporaryDatabase } from '../support/servers/temporary-database.ts';
import { until } from '../support/until.ts';

const COUNT = 1_500;

describe('faults: key rotation', function () {
  this.timeout(60_000);
  const [older, newer] = [aFernetKey(), aFernetKey()];
  const cipherOf = (...keys: string[]) =>
    new FernetCipher({
      keys: keys.map(parseFernetKey).filter((key) => key !== undefined),
      clock: { now: () => new Date() },
    });
  let file: string;

  before(async () => {
    const { database, stores, file: path } = await openTemporaryDatabase('normal');
    file = path;
    const user = aUser();
    await stores.unitOfWork.run(async ({ users, oauthAccounts }) => {
      await users.add(user);
      for (let i = 0; i < COUNT; i++) {
        await oauthAccounts.add(anOauthAccount(user.id, { refreshToken: cipherOf(older).encrypt(`token-${i}`) }));
      }
    });
    // Another process is to hold the file; its folder goes when this one ends.
    await database.close();
  });

  const environment = () => ({
    PATH: process.env.PATH ?? '',
    DATABASE_URL: `sqlite:${file}`,
    FERNET_KEYS: `${newer},${older}`,
  });

  function stored(): readonly string[] {
    const reader = new DatabaseSync(file, { readOnly: true });
    const rows = reader.prepare('SELECT refresh_token FROM oauth_accounts').all();
    reader.close();
    return rows.map((row) => String(row.refresh_token));
  }

  const underNewer = () => stored().filter((encrypted) => cipherOf(newer).keyOf(encrypted) === 0).length;

  it('continues with the remaining values after a kill, and loses none', async () => {
    const child = spawn(process.execPath, [CLI, 'keys:rotate'], { env: environment(), stdio: 'ignore' });
    await until(() => underNewer() > 0, 'the first values are under the newer key', 25_000);
    child.kill('SIGKILL');
    await once(child, 'exit');
    const done = underNewer();
    expect(done).to.be.greaterThan(0).and.lessThan(COUNT);
    expect(done % 100).to.equal(0);
    const { status, stdout } = spawnSync(process.execPath, [CLI, 'keys:rotate'], {
      env: environment(),
      encoding: 'utf8',
    });
    expect(status).to.equal(0);
    expect(stdout)
      .to.contain(`under key 1: ${done}\n`)
      .and.contain(`brought under key 1: ${COUNT - done}\n`);
    const texts = new Set(stored().map((encrypted) => cipherOf(newer).decrypt(encrypted)));
    expect(texts).to.deep.equal(new Set(Array.from({ length: COUNT }, (_, i) => `token-${i}`)));
  });
});
