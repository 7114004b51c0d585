/**
 * Whoever is disabled, deleted, given a new password or logged out everywhere has no session left: none in the store,
 * none that opens.
 */
import { expect } from 'chai';
import { SetPassword } from '#application/identity/passwords/set-password.ts';
import { EndAllSessions } from '#application/identity/sessions/end-all-sessions.ts';
import { ListSessions } from '#application/identity/sessions/list-sessions.ts';
import { SessionRevoker } from '#application/identity/sessions/session-revoker.ts';
import { ChangeUser, type UserChange } from '#application/identity/users/change-user.ts';
import { DeleteUser } from '#application/identity/users/delete-user.ts';
import type { Repos } from '#application/repos.ts';
import type { UnitOfWork } from '#application/shared/unit-of-work.ts';
import type { User } from '#domain/identity/user.ts';
import { NO_ORIGIN, type UserActor } from '#domain/shared/actor.ts';
import { Administration, actorWith } from '../../support/builders/administering.ts';
import { noTraces } from '../../support/builders/no-traces.ts';
import { at } from '../../support/builders/records.ts';
import { failureOf } from '../../support/reporting/refusals.ts';

type Deps = Administration['deps'];

describe('sessions of a user', () => {
  let administration: Administration;
  let admin: UserActor;
  let user: User;
  /** Of somebody else, who has nothing to do with it. */
  let others: string;
  beforeEach(async () => {
    administration = await Administration.open();
    const first = await administration.admin();
    [admin, user] = [first.actor, await administration.user()];
    others = await administration.begin(first.user);
  });
  afterEach(() => administration.close());

  const change = (changed: UserChange, deps: Deps = administration.deps) =>
    new ChangeUser(deps).execute(admin, user.id, changed, () => {});
  async function setPassword(deps: Deps): Promise<void> {
    const { code, link } = administration.deps.codes.next(user.id);
    await administration.unitOfWork.run(({ passwordLinks }) => passwordLinks.add(link));
    await new SetPassword(deps).execute({ code, newPassword: 'sturdy-oak-table', origin: NO_ORIGIN });
  }
  const ways: Readonly<Record<string, (deps: Deps) => Promise<unknown>>> = {
    'is disabled': (deps) => change({ status: 'disabled' }, deps),
    'is deleted': (deps) => new DeleteUser(deps).execute(admin, user.id),
    'sets a password by a link': setPassword,
    'is logged out everywhere': (deps) => new EndAllSessions(deps).execute(admin, user.id, { tokens: true }),
  };
  const left = () => administration.sessions.listByUser(user.id, administration.now);

  /** A unit of work with something that happens between its commit and whatever comes after it. */
  const followedBy = (next: () => Promise<unknown>): UnitOfWork<Repos> => ({
    run: async (work) => {
      const result = await administration.unitOfWork.run(work);
      await next();
      return result;
    },
  });

  for (const [done, way] of Object.entries(ways)) {
    describe(`who ${done}`, () => {
      it('end: none is left in the store, and other users lose none', async () => {
        const secrets = [await administration.begin(user), await administration.begin(user)];
        for (const secret of secrets) expect(await administration.opens(secret)).to.equal(true);
        await way(administration.deps);
        expect(await left()).to.deep.equal([]);
        for (const secret of secrets) expect(await administration.opens(secret)).to.equal(false);
        expect(await administration.sessions.count(administration.now)).to.equal(1);
        expect(await administration.opens(others)).to.equal(true);
      });

      it('end even if they begin between the commit and the revocation', async () => {
        const secrets: string[] = [];
        const begin = async () => secrets.push(await administration.begin(user));
        await way({ ...administration.deps, unitOfWork: followedBy(begin) });
        expect(await left()).to.deep.equal([]);
        expect(secrets).to.have.length(1);
        expect(await administration.opens(secrets[0] ?? '')).to.equal(false);
      });

      it('open nothing if they begin afterwards from a user record read before', async () => {
        await way(administration.deps);
        const secret = await administration.begin(user);
        expect(await administration.opens(secret)).to.equal(false);
      });

      it('continue if the change is rolled back', async () => {
        const secret = await administration.begin(user);
        const work = way(administration.depsWithoutAudit as Deps);
        expect(((await failureOf(work)) as Error).message).to.equal('no audit');
        expect(await left()).to.have.length(1);
        expect(await administration.opens(secret)).to.equal(true);
      });
    });
  }

  it('of an epoch that is over are neither listed nor counted among those that ended', async () => {
    const { sessions, principals, clock } = administration;
    const dead = await administration.begin({ ...user, sessionEpoch: user.sessionEpoch - 1 });
    const live = await administration.begin(user);
    expect([await administration.opens(dead), await administration.opens(live)]).to.deep.equal([false, true]);
    expect(await left()).to.have.length(2);
    const listed = await new ListSessions({ sessions, principals, clock }).execute(actorWith(user.id), { limit: 9 });
    expect(listed.items.map(({ epoch }) => epoch)).to.deep.equal([user.sessionEpoch]);
    const ended = await new EndAllSessions(administration.deps).execute(admin, user.id, { tokens: false });
    expect(ended).to.equal(1);
    expect(await left()).to.deep.equal([]);
  });

  it('are listed newest first and each once, page by page, even if they began at the same moment', async () => {
    const { sessions, principals, clock } = administration;
    for (const seconds of [0, 0, 0, 0.001, 0.002]) {
      administration.now = at(seconds);
      await administration.begin(user);
    }
    const list = new ListSessions({ sessions, principals, clock });
    const all = (await list.execute(actorWith(user.id), { limit: 5 })).items;
    expect(all.map(({ createdAt }) => createdAt)).to.deep.equal([at(0.002), at(0.001), at(0), at(0), at(0)]);
    for (const [index, { createdAt, id }] of all.entries()) {
      const page = await list.execute(actorWith(user.id), { limit: 5, cursor: { at: createdAt, id } });
      expect(page, String(index)).to.deep.equal({ items: all.slice(index + 1), next: null });
    }
  });

  it('end except for the retained one, which alone opens in the new epoch', async () => {
    const [kept, other] = [await administration.begin(user), await administration.begin(user)];
    for (const secret of [kept, other]) expect(await administration.opens(secret)).to.equal(true);
    const changed = { ...user, sessionEpoch: user.sessionEpoch + 1 };
    await administration.unitOfWork.run(({ users }) => users.save(changed));
    const session = await administration.sessions.find(administration.secrets.digest(kept), administration.now);
    expect(await administration.deps.sessionRevoker.revokeAll(changed, session?.id)).to.equal(1);
    expect((await left()).map(({ id, epoch }) => ({ id, epoch }))).to.deep.equal([
      { id: session?.id, epoch: changed.sessionEpoch },
    ]);
    expect([await administration.opens(kept), await administration.opens(other)]).to.deep.equal([true, false]);
  });

  it('continue through any other change, and stay ended when a disabled user is enabled', async () => {
    const secret = await administration.begin(user);
    await change({ displayName: 'Vax', status: 'active' });
    expect(await administration.opens(secret)).to.equal(true);
    await change({ status: 'disabled' });
    const late = await administration.begin(user);
    await change({ status: 'active' });
    expect([await administration.opens(secret), await administration.opens(late)]).to.deep.equal([false, false]);
  });

  it('open nothing even if ending them failed, and end when the user is disabled once more', async () => {
    const secret = await administration.begin(user);
    expect(await administration.opens(secret)).to.equal(true);
    const away = new Error('away');
    const sessions = { endByUser: () => Promise.reject(away) };
    const sessionRevoker = new SessionRevoker({ ...administration.deps, sessions, traces: noTraces });
    expect(await failureOf(change({ status: 'disabled' }, { ...administration.deps, sessionRevoker }))).to.equal(away);
    expect(await administration.opens(secret)).to.equal(false);
    expect(await left()).to.have.length(1);
    await change({ status: 'disabled' });
    expect(await left()).to.deep.equal([]);
  });
});
