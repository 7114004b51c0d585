/** Resetting an admin: whose password, and what ends. */
import { expect } from 'chai';
import { EnsureFirstAdmin } from '#application/identity/users/ensure-first-admin.ts';
import { ResetAdmin } from '#application/identity/users/reset-admin.ts';
import type { UserId } from '#domain/shared/ids.ts';
import { Administration } from '../../support/builders/administering.ts';
import { anApiToken } from '../../support/builders/records.ts';

const EMAIL = 'admin@example.org';

describe('resetting an admin', () => {
  let administration: Administration;
  let shown: string[];
  beforeEach(async () => {
    administration = await Administration.open();
    shown = [];
  });
  afterEach(() => administration.close());

  const reset = (login: string | null = null) => {
    const { deps } = administration;
    const resetAdmin = new ResetAdmin({ ...deps, ensureFirstAdmin: new EnsureFirstAdmin(deps) });
    return resetAdmin.execute(login, EMAIL, (whose) => shown.push(whose));
  };
  const find = (id: UserId) => administration.reads.users.find(id);

  it('gives the only active admin a new password, and ends their sessions and tokens', async () => {
    const { user } = await administration.admin();
    const secret = await administration.begin(user);
    await administration.unitOfWork.run(({ apiTokens }) =>
      apiTokens.add(anApiToken(user.id, { revokedAt: null, revokedBy: null })),
    );
    expect(await reset()).to.equal('done');
    expect(shown).to.deep.equal([user.email]);
    expect(await administration.reads.passwordHashes.find(user.id)).to.equal('hash of 24 characters');
    expect(await administration.opens(secret)).to.equal(false);
    expect(await administration.reads.apiTokens.countUsable(user.id, administration.now)).to.equal(0);
    const actions = (await administration.audited()).map(({ action }) => action);
    expect(actions).to.include.members(['users.set_password', 'tokens.revoke_all']);
  });

  it('asks whose where there are several; takes an e-mail or a username, enables, and refuses who is no admin', async () => {
    await administration.admin();
    const { user } = await administration.admin();
    const disabled = await administration.user({ roles: ['admin'], status: 'disabled', username: 'Warden' });
    const player = await administration.user();
    expect(await reset()).to.equal('several');
    expect(await reset(player.email)).to.equal('no_admin');
    expect(await reset('nobody@example.org')).to.equal('unknown');
    expect(shown).to.deep.equal([]);
    expect(await reset(user.email)).to.equal('done');
    expect(await reset('wARDEN')).to.equal('done');
    expect(shown).to.deep.equal([user.email, disabled.email]);
    expect(await find(disabled.id)).to.include({ status: 'active' });
  });

  it('makes an admin where nobody is an active one: of who is named, of ADMIN_EMAIL, or anew', async () => {
    expect(await reset('nobody')).to.equal('unknown');
    expect(await reset()).to.equal('done');
    expect(shown).to.deep.equal([EMAIL]);
    const [made] = (await administration.reads.users.list({ role: 'admin' }, { limit: 9 })).items;
    await administration.unitOfWork.run(({ users }) => users.save({ ...made!, roles: ['player'] }));
    expect(await reset()).to.equal('done');
    expect((await find(made!.id))?.roles).to.deep.equal(['admin', 'player']);
  });
});
