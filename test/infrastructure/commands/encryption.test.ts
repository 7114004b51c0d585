/**
 * Keys over the life of a database: needed once something is encrypted, rotated by command, with the server stopped.
 */

import { spawnSync } from 'node:child_process';
import { expect } from 'chai';
import { pino } from 'pino';
import { openApplication } from '#infrastructure/application.ts';
import { loadConfig } from '#infrastructure/config/config.ts';
import { tokens } from '#infrastructure/wiring/tokens.ts';
import { aFernetKey } from '../../support/builders/fernet-keys.ts';
import { anOauthAccount, aUser } from '../../support/builders/records.ts';
import { CLI } from '../../support/project.ts';
import { failureOf } from '../../support/reporting/refusals.ts';
import { ADMIN, type Settings, sqliteSettings } from '../../support/servers/server.ts';

describe('the encryption keys', function () {
  this.timeout(20_000);
  const [older, newer] = [aFernetKey(), aFernetKey()];
  let settings: Settings;
  let remove: () => Promise<void>;

  beforeEach(async () => {
    ({ settings, remove } = await sqliteSettings());
  });
  afterEach(() => remove());

  const open = (more: Settings) => {
    const given = { ...settings, BCRYPT_COST: '4', ADMIN_PASSWORD: ADMIN.password, ...more };
    return openApplication(
      loadConfig(given, () => ''),
      pino({ level: 'silent' }),
    );
  };

  function rotate(more: Settings): Readonly<{ status: number | null; said: string }> {
    const env = { PATH: process.env.PATH ?? '', ...settings, ...more };
    const { status, stdout, stderr } = spawnSync(process.execPath, [CLI, 'keys:rotate'], { env, encoding: 'utf8' });
    return { status, said: stdout + stderr };
  }

  /** Accounts whose refresh tokens are `token-0` and so on, encrypted under the older key. */
  async function fill(count: number): Promise<void> {
    await using opened = await disposable(open({ FERNET_KEYS: older }));
    const [cipher, unitOfWork] = [opened.container.get(tokens.cipher), opened.container.get(tokens.unitOfWork)];
    const user = aUser();
    await unitOfWork.run(async ({ users, oauthAccounts }) => {
      await users.add(user);
      for (let i = 0; i < count; i++) {
        await oauthAccounts.add(anOauthAccount(user.id, { refreshToken: cipher.encrypt(`token-${i}`) }));
      }
    });
  }

  /** What is stored, decrypted under these keys. */
  async function stored(keys: string): Promise<readonly string[]> {
    await using opened = await disposable(open({ FERNET_KEYS: keys }));
    const cipher = opened.container.get(tokens.cipher);
    const values = await opened.container.get(tokens.reads).encryptedValues.list();
    return values.map(({ encrypted }) => cipher.decrypt(encrypted)).sort();
  }

  it('may be missing only while nothing is encrypted', async () => {
    await (await open({})).close();
    await fill(1);
    expect(((await failureOf(open({}))) as Error).message).to.contain('FERNET_KEYS:');
    expect(await stored(older)).to.deep.equal(['token-0']);
  });

  it('are rotated so that the first key decrypts everything and the old one can be removed', async () => {
    await fill(250);
    const before = await stored(older);
    const { status, said } = rotate({ FERNET_KEYS: `${newer},${older}` });
    expect(said.trim().split('\n')).to.deep.equal(['under key 1: 0', 'under key 2: 250', 'brought under key 1: 250']);
    expect(status).to.equal(0);
    expect(await stored(newer)).to.deep.equal(before);
    expect(rotate({ FERNET_KEYS: `${newer},${older}` }).said)
      .to.contain('under key 1: 250')
      .and.contain('under key 2: 0');
  });

  it('leave values that none of them decrypts unchanged, and report how many there are', async () => {
    await fill(2);
    const { status, said } = rotate({ FERNET_KEYS: newer });
    expect(status).to.equal(1);
    expect(said).to.contain('under no key that is configured, and left as they are: 2');
    expect(await stored(older)).to.have.length(2);
  });

  it('are not rotated while a server runs or if none is configured', async () => {
    await using _ = await disposable(open({ FERNET_KEYS: older }));
    const { status, said } = rotate({ FERNET_KEYS: older });
    expect(status).to.equal(1);
    expect(said).to.contain('Stop it first');
    expect(rotate({}).said).to.contain('FERNET_KEYS:');
  });
});

async function disposable<T extends { close(): Promise<void> }>(opening: Promise<T>): Promise<T & AsyncDisposable> {
  const opened = await opening;
  return { ...opened, [Symbol.asyncDispose]: () => opened.close() };
}
