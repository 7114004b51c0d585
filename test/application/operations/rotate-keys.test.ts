/** Rotating keys: everything ends up under the first one, also where it was cut short and run again. */
import { expect } from 'chai';
import { stub } from 'sinon';
import { MemoryDatabase } from '#adapters/memory/database.ts';
import { parseFernetKey } from '#adapters/security/fernet.ts';
import { FernetCipher } from '#adapters/security/fernet-cipher.ts';
import { SystemClock } from '#adapters/system/clock.ts';
import { UuidIds } from '#adapters/system/ids.ts';
import { RotateKeys } from '#application/operations/rotate-keys.ts';
import { AuditEntries } from '#application/shared/audit-log.ts';
import { aFernetKey } from '../../support/builders/fernet-keys.ts';
import { anOauthAccount, aUser } from '../../support/builders/records.ts';
import { failureOf, refusalOf } from '../../support/reporting/refusals.ts';

/** More than two batches. */
const COUNT = 250;

describe('RotateKeys', () => {
  const clock = new SystemClock();
  const [older, newer] = [aFernetKey(), aFernetKey()];
  const cipherOf = (...keys: string[]) =>
    new FernetCipher({ keys: keys.map(parseFernetKey).filter((key) => key !== undefined), clock });
  let database: MemoryDatabase;

  beforeEach(async () => {
    database = new MemoryDatabase();
    const user = aUser({ roles: [] });
    await database.unitOfWork.run(async ({ users, oauthAccounts }) => {
      await users.add(user);
      for (let i = 0; i < COUNT; i++) {
        await oauthAccounts.add(anOauthAccount(user.id, { refreshToken: cipherOf(older).encrypt(`token-${i}`) }));
      }
    });
  });

  function rotation(...keys: string[]): RotateKeys {
    const audit = new AuditEntries({ clock, ids: new UuidIds() });
    return new RotateKeys({ unitOfWork: database.unitOfWork, cipher: cipherOf(...keys), audit });
  }

  async function storedUnder(key: string): Promise<number> {
    const values = await database.reads.encryptedValues.list();
    return values.filter(({ encrypted }) => cipherOf(key).keyOf(encrypted) === 0).length;
  }

  it('continues after an interruption, and rotates nothing twice', async () => {
    const run = stub(database.unitOfWork, 'run').callThrough();
    // The list, two batches, and then the power goes.
    run.onCall(3).rejects(new Error('killed'));
    await failureOf(rotation(newer, older).execute());
    run.restore();
    expect([await storedUnder(newer), await storedUnder(older)]).to.deep.equal([200, 50]);
    const rest = await rotation(newer, older).execute();
    expect(rest).to.deep.equal({ foundUnder: [200, 50], rotated: 50, unreadable: 0 });
    const values = await database.reads.encryptedValues.list();
    const texts = new Set(values.map(({ encrypted }) => cipherOf(newer).decrypt(encrypted)));
    expect(texts).to.deep.equal(new Set(Array.from({ length: COUNT }, (_, i) => `token-${i}`)));
    expect(await rotation(newer, older).execute()).to.include({ rotated: 0 });
  });

  it('audits one entry per batch', async () => {
    await rotation(newer, older).execute();
    const { items } = await database.reads.audit.list({ action: 'keys.rotate' }, { limit: 10 });
    expect(items.map(({ after }) => after?.values).sort()).to.deep.equal([100, 100, 50]);
  });

  it('leaves values that no key decrypts unchanged, and counts them', async () => {
    expect(await rotation(newer).execute()).to.deep.equal({ foundUnder: [0], rotated: 0, unreadable: COUNT });
    expect(await storedUnder(older)).to.equal(COUNT);
  });

  it('refuses to run without a key', async () => {
    expect(await refusalOf(rotation().execute())).to.equal('encryption_not_configured');
  });
});
