/** The first admin: made once, and never with a password that nobody was shown. */
import { expect } from 'chai';
import { EnsureFirstAdmin } from '#application/identity/users/ensure-first-admin.ts';
import { Administration } from '../../support/builders/administering.ts';
import { failureOf } from '../../support/reporting/refusals.ts';

const EMAIL = 'admin@example.org';
const never = () => expect.fail('no password was to be shown');

describe('the first admin', () => {
  let administration: Administration;
  beforeEach(async () => {
    administration = await Administration.open();
  });
  afterEach(() => administration.close());

  const ensure = (password: string | null, show: (login: string, password: string) => void) => {
    const secrets = { next: () => 's'.repeat(43), digest: (secret: string) => secret };
    return new EnsureFirstAdmin({ ...administration.deps, secrets }).execute(EMAIL, password, show);
  };
  const admins = async () => (await administration.reads.users.list({}, { limit: 9 })).items;

  it('is made after the generated password was shown, and nothing is made where it cannot be shown', async () => {
    const full = () => {
      throw new Error('no space left');
    };
    expect(await failureOf(ensure(null, full))).to.have.property('message', 'no space left');
    expect(await admins()).to.deep.equal([]);
    const shown: string[] = [];
    await ensure(null, (login, password) => shown.push(login, password));
    expect(shown).to.deep.equal([EMAIL, 's'.repeat(24)]);
    const [admin] = await admins();
    expect(admin).to.deep.include({ email: EMAIL, roles: ['admin'] });
    expect(await administration.reads.passwordHashes.find(admin?.id as never)).to.equal('hash of 24 characters');
  });

  it('is made with the password that is given, and nothing is shown', async () => {
    await ensure('sturdy-oak-table', never);
    expect((await admins()).map(({ email }) => email)).to.deep.equal([EMAIL]);
  });

  it('is made once', async () => {
    await ensure('sturdy-oak-table', never);
    await ensure(null, never);
    expect(await admins()).to.have.length(1);
  });
});
