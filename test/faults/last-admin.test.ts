/** There is always an active admin, whoever is demoted, disabled or deleted at the same moment. */
import { expect } from 'chai';
import { AssignRole } from '#application/identity/roles/assign-role.ts';
import { RevokeRole } from '#application/identity/roles/revoke-role.ts';
import type { SessionRevoker } from '#application/identity/sessions/session-revoker.ts';
import { ChangeUser } from '#application/identity/users/change-user.ts';
import { DeleteUser } from '#application/identity/users/delete-user.ts';
import { AuditEntries } from '#application/shared/audit-log.ts';
import { PERMISSIONS } from '#domain/identity/permissions.ts';
import type { User } from '#domain/identity/user.ts';
import { contract } from '../support/backends/backends.ts';
import { ON_RECORD_STORES, recordStores } from '../support/backends/record-stores.ts';
import { actorFor } from '../support/builders/conversing.ts';
import { at, aUser, newId } from '../support/builders/records.ts';
import { rounds } from '../support/reporting/rounds.ts';

const clock = { now: () => at(0) };
const ids = { next: newId };
const audit = new AuditEntries({ clock, ids });
const sessionRevoker: Pick<SessionRevoker, 'revokeAll'> = { revokeAll: async () => 0 };

contract('The last admin', ON_RECORD_STORES, recordStores, (stores) => {
  const actor = (user: User) => actorFor(user.id, ...Object.keys(PERMISSIONS));
  const ways: Record<string, (by: User, whom: User) => Promise<unknown>> = {
    demotes: (by, whom) => new RevokeRole({ ...stores(), audit }).execute(actor(by), whom.id, 'admin'),
    disables: (by, whom) =>
      new ChangeUser({ ...stores(), sessionRevoker, audit }).execute(
        actor(by),
        whom.id,
        { status: 'disabled' },
        () => {},
      ),
    deletes: (by, whom) =>
      new DeleteUser({ ...stores(), sessionRevoker, audit, clock, ids }).execute(actor(by), whom.id),
  };

  async function race(first: string, second: string): Promise<void> {
    const [one, two] = [aUser({ roles: ['admin'] }), aUser({ roles: ['admin'] })];
    const admins = () => stores().unitOfWork.run(({ users }) => users.countActiveWithRole('admin'));
    await stores().unitOfWork.run(async ({ users }) => {
      for (const user of [one, two]) await users.add(user);
    });
    const outcomes = await Promise.allSettled([ways[first]?.(one, two), ways[second]?.(two, one)]);
    const codes = outcomes.map((outcome) => (outcome.status === 'rejected' ? outcome.reason.code : 'done'));
    expect(codes.toSorted()).to.deep.equal(['done', 'last_admin']);
    expect(await admins()).to.equal(1);
    const audited = await Promise.all(
      [one, two].map(({ id }) => stores().reads.audit.list({ subject: `user:${id}` }, { limit: 5 })),
    );
    expect(audited.flatMap(({ items }) => items)).to.have.length(1);
    // Makes room for the next round.
    await stores().unitOfWork.run(async ({ users }) => {
      for (const { id } of [one, two]) await users.remove(id);
    });
  }

  for (const [first, second] of [
    ['demotes', 'demotes'],
    ['disables', 'deletes'],
    ['deletes', 'demotes'],
  ] as const) {
    it(`remains if one admin ${first} another who ${second} them at the same time, ${rounds(100)} times`, async function () {
      this.timeout(120_000);
      for (let round = 0; round < rounds(100); round += 1) await race(first, second);
    });
  }

  it(`remains if eight admins demote themselves at once, ${rounds(100)} times`, async function () {
    this.timeout(120_000);
    for (let round = 0; round < rounds(100); round += 1) {
      const users = Array.from({ length: 8 }, () => aUser({ roles: ['admin'] }));
      await stores().unitOfWork.run(async (repos) => {
        for (const user of users) await repos.users.add(user);
      });
      const outcomes = await Promise.allSettled(users.map((user) => ways.demotes?.(user, user)));
      const refused = outcomes.filter((outcome) => outcome.status === 'rejected').map(({ reason }) => reason.code);
      expect(refused).to.deep.equal(['last_admin']);
      await stores().unitOfWork.run(async (repos) => {
        for (const { id } of users) await repos.users.remove(id);
      });
    }
  });

  it('can be demoted once another user has been made an admin', async () => {
    const [only, next] = [aUser({ roles: ['admin'] }), aUser({ roles: ['player'] })];
    await stores().unitOfWork.run(async ({ users }) => {
      for (const user of [only, next]) await users.add(user);
    });
    await new AssignRole({ ...stores(), audit }).execute(actor(only), next.id, 'admin');
    await ways.demotes?.(only, only);
    expect((await stores().users.find(only.id))?.roles).to.deep.equal([]);
  });
});
