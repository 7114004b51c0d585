/** Users as use cases, in memory: what is stored, what the audit has, and that a refusal leaves nothing behind. */
import { expect } from 'chai';
import { MakePasswordLink } from '#application/identity/passwords/make-password-link.ts';
import { AssignRole } from '#application/identity/roles/assign-role.ts';
import { RevokeRole } from '#application/identity/roles/revoke-role.ts';
import { ChangeUser, type UserChange } from '#application/identity/users/change-user.ts';
import { CreateUser, type CreateUserInput } from '#application/identity/users/create-user.ts';
import { DeleteUser } from '#application/identity/users/delete-user.ts';
import type { AuditFacts } from '#application/shared/audit-log.ts';
import type { UserActor } from '#domain/shared/actor.ts';
import type { UserId } from '#domain/shared/ids.ts';
import { Administration, actorWith, noted } from '../../support/builders/administering.ts';
import { aStoredResponse, at, newId } from '../../support/builders/records.ts';

const INPUT: CreateUserInput = { email: 'vex@example.org', username: null, displayName: 'Vex', password: null };
const anyState = () => {};

describe('users', () => {
  let administration: Administration;
  let admin: UserActor;
  beforeEach(async () => {
    administration = await Administration.open();
    ({ actor: admin } = await administration.admin());
  });
  afterEach(() => administration.close());

  const create = (input: Partial<CreateUserInput> = {}, actor = admin) =>
    new CreateUser(administration.deps).execute(actor, { ...INPUT, ...input });
  const change = (id: UserId, changed: UserChange, actor = admin) =>
    new ChangeUser(administration.deps).execute(actor, id, changed, anyState);
  const assign = (id: UserId, role: string, actor = admin) =>
    new AssignRole(administration.deps).execute(actor, id, role);
  const revoke = (id: UserId, role: string, actor = admin) =>
    new RevokeRole(administration.deps).execute(actor, id, role);
  const refusal = (work: () => Promise<unknown>) => administration.refusal(work);
  const stored = (id: UserId) => administration.reads.users.find(id);
  const done = (action: string, id: UserId, before: AuditFacts | null, after: AuditFacts | null) =>
    noted(admin, action, `user:${id}`, { before, after });

  describe('creation', () => {
    it('stores an active user with normalised names, the default role and a password hash', async () => {
      const { user, passwordLink } = await create({ email: ' VEX@Example.org ', password: 'sturdy-oak-table' });
      const names = { email: 'vex@example.org', username: null, displayName: 'Vex' };
      const expected = { ...names, status: 'active', roles: ['player'], sessionEpoch: 0, createdAt: at(0) };
      expect(await stored(user.id)).to.deep.equal({ id: user.id, ...expected });
      expect(await administration.reads.passwordHashes.find(user.id)).to.equal('hash of 16 characters');
      expect(passwordLink).to.equal(null);
      expect(await administration.audited()).to.deep.equal([
        done('users.create', user.id, null, { status: 'active', roles: ['player'] }),
      ]);
    });

    it('returns a password link if no password is given, and does not store its code', async () => {
      const { user, passwordLink } = await create();
      const { code, link } = passwordLink ?? { code: '', link: null };
      expect(link).to.include({ userId: user.id, endedAt: null });
      expect(await administration.reads.passwordLinks.findByDigest(link?.digest ?? '')).to.deep.equal(link);
      expect(await administration.reads.passwordHashes.find(user.id)).to.equal(undefined);
      expect(await administration.everything())
        .to.contain(link?.digest)
        .and.not.to.contain(code);
    });

    it('stores each given role once and in order, or no role', async () => {
      const { user } = await create({ roles: ['player', 'gm', 'player'] });
      expect((await stored(user.id))?.roles).to.deep.equal(['gm', 'player']);
      const bare = await create({ email: 'vax@example.org', roles: [] }, actorWith(admin.userId, 'users.write'));
      expect((await stored(bare.user.id))?.roles).to.deep.equal([]);
    });

    it('stores the idempotent answer with the user, and refuses its key a second time', async () => {
      const kept = aStoredResponse();
      await new CreateUser(administration.deps).execute(admin, INPUT, () => kept);
      expect(await administration.reads.idempotency.find(kept.key, at(0))).to.deep.equal(kept);
      const again = () => new CreateUser(administration.deps).execute(admin, { ...INPUT, email: 'b@c.de' }, () => kept);
      expect(await refusal(again)).to.equal('idempotency_in_flight');
    });

    it('is refused without permission, or with more than the actor’s own permissions', async () => {
      const writer = actorWith(admin.userId, 'users.write', 'sources.read', 'chat.use', 'games.use');
      const assigner = actorWith(admin.userId, 'users.write', 'roles.assign', 'sources.read', 'chat.use', 'games.use');
      expect(await refusal(() => create({}, actorWith(admin.userId, 'roles.assign')))).to.equal('permission_missing');
      expect(await refusal(() => create({ roles: ['gm'] }, writer))).to.equal('permission_missing');
      expect(await refusal(() => create({ roles: ['gm'] }, assigner))).to.equal('grant_exceeds_own');
      expect(await refusal(() => create({}, actorWith(admin.userId, 'users.write')))).to.equal('grant_exceeds_own');
      expect((await create({}, writer)).user.roles).to.deep.equal(['player']);
    });

    it('is refused with a taken or invalid name, an unknown role or a rejected password', async () => {
      await create({ username: 'Vex' });
      const other = { email: 'vax@example.org' };
      expect(await refusal(() => create({ email: 'Vex@EXAMPLE.org' }))).to.equal('email_taken');
      expect(await refusal(() => create({ ...other, username: 'vEX' }))).to.equal('username_taken');
      expect(await refusal(() => create({ ...other, username: 'a@b' }))).to.equal('username_invalid');
      expect(await refusal(() => create({ ...other, roles: ['gm', 'druid'] }))).to.equal('role_not_found');
      for (const password of ['short', 'password', 'vax@example.org', 'x'.repeat(73)])
        expect(await refusal(() => create({ ...other, password })), password).to.equal('password_rejected');
    });
  });

  describe('change', () => {
    it('stores the given fields, and audits only what differs', async () => {
      const user = await administration.user();
      const after = await change(user.id, { email: 'NEW@example.org', displayName: 'Vax', username: 'Vax' });
      const changed = { email: 'new@example.org', displayName: 'Vax', username: 'Vax' };
      expect(after).to.deep.equal({ ...user, ...changed });
      expect(await stored(user.id)).to.deep.equal(after);
      const names = ['email', 'username', 'display_name'];
      const flags = (value: boolean) => Object.fromEntries(names.map((name) => [`${name}_changed`, value]));
      expect(await administration.audited()).to.deep.equal([done('users.update', user.id, flags(false), flags(true))]);
    });

    it('stores and audits nothing if nothing differs', async () => {
      const user = await administration.user({ status: 'disabled' });
      const { email, displayName, username, status } = user;
      await change(user.id, { email: email.toUpperCase(), displayName, username, status });
      await change(user.id, {});
      expect(await stored(user.id)).to.deep.equal(user);
      expect(await administration.audited()).to.deep.equal([]);
    });

    it('changes permissions at once with the status, and raises the session epoch when it disables', async () => {
      const user = await administration.user();
      expect(await administration.permissionsOf(user.id)).to.include('chat.use');
      await change(user.id, { status: 'disabled' });
      expect(await administration.permissionsOf(user.id)).to.deep.equal([]);
      expect(await stored(user.id)).to.include({ status: 'disabled', sessionEpoch: user.sessionEpoch + 1 });
      await change(user.id, { status: 'active' });
      expect(await administration.permissionsOf(user.id)).to.include('chat.use');
      expect(await stored(user.id)).to.include({ status: 'active', sessionEpoch: user.sessionEpoch + 1 });
    });

    it('is refused without permission, or for a user, even a disabled one, who holds more than the actor', async () => {
      const user = await administration.user({ roles: ['gm'], status: 'disabled' });
      const work = (actor: UserActor) => () => change(user.id, { displayName: 'Mine', status: 'active' }, actor);
      const writer = actorWith(admin.userId, 'users.write', 'chat.use', 'sources.read', 'games.use');
      expect(await refusal(work(actorWith(admin.userId, 'games.create')))).to.equal('permission_missing');
      expect(await refusal(work(writer))).to.equal('edit_exceeds_own');
      expect(await refusal(() => change(newId('user'), {}, writer))).to.equal('user_not_found');
    });

    it('is refused with a taken or invalid name, and then changes nothing else either', async () => {
      const [one, two] = [await administration.user(), await administration.user()];
      const work = (changed: UserChange) => () => change(one.id, { ...changed, displayName: 'X', status: 'disabled' });
      expect(await refusal(work({ email: two.email.toUpperCase() }))).to.equal('email_taken');
      expect(await refusal(work({ username: two.username?.toUpperCase() ?? '' }))).to.equal('username_taken');
      expect(await refusal(work({ username: 'a@b' }))).to.equal('username_invalid');
      expect(await administration.permissionsOf(one.id)).to.include('chat.use');
    });
  });

  describe('role assignment and revocation', () => {
    it('takes effect from the next request on, and audits the roles before and after', async () => {
      const { id } = await administration.user();
      expect(await administration.permissionsOf(id)).not.to.include('games.create');
      expect(await assign(id, 'gm')).to.deep.equal(['gm', 'player']);
      expect(await administration.permissionsOf(id)).to.include('games.create');
      expect((await stored(id))?.roles).to.deep.equal(['gm', 'player']);
      administration.now = at(1);
      expect(await revoke(id, 'player')).to.deep.equal(['gm']);
      expect((await stored(id))?.roles).to.deep.equal(['gm']);
      administration.now = at(2);
      expect(await revoke(id, 'gm')).to.deep.equal([]);
      expect(await administration.permissionsOf(id)).to.deep.equal([]);
      expect(await administration.audited()).to.deep.equal([
        done('roles.revoke', id, { roles: ['gm'] }, { roles: [] }),
        done('roles.revoke', id, { roles: ['gm', 'player'] }, { roles: ['gm'] }),
        done('roles.assign', id, { roles: ['player'] }, { roles: ['gm', 'player'] }),
      ]);
    });

    it('changes and audits nothing when it is repeated', async () => {
      const { id } = await administration.user();
      const before = await administration.everything();
      expect(await assign(id, 'player')).to.deep.equal(['player']);
      expect(await revoke(id, 'gm')).to.deep.equal(['player']);
      expect(await administration.everything()).to.equal(before);
    });

    it('is refused without permission, beyond the actor’s own, or for a user who holds more', async () => {
      const { id } = await administration.user();
      const leader = await administration.user({ roles: ['gm'] });
      const writer = actorWith(admin.userId, 'users.write', 'games.create', 'chat.use', 'sources.read', 'games.use');
      const assigner = actorWith(id, 'roles.assign', 'chat.use', 'sources.read', 'games.use');
      for (const work of [() => assign(id, 'gm', writer), () => revoke(id, 'player', writer)])
        expect(await refusal(work)).to.equal('permission_missing');
      expect(await refusal(() => assign(id, 'gm', assigner))).to.equal('grant_exceeds_own');
      expect(await refusal(() => assign(leader.id, 'player', assigner))).to.equal('edit_exceeds_own');
      expect(await refusal(() => revoke(leader.id, 'gm', assigner))).to.equal('edit_exceeds_own');
      expect(await assign(id, 'player', assigner)).to.deep.equal(['player']);
    });

    it('is refused for an unknown user or an unknown role', async () => {
      const { id } = await administration.user();
      for (const work of [assign, revoke]) {
        expect(await refusal(() => work(newId('user'), 'gm'))).to.equal('user_not_found');
        expect(await refusal(() => work(id, 'druid'))).to.equal('role_not_found');
      }
    });
  });

  describe('a new password link', () => {
    const make = (id: UserId, actor = admin) => new MakePasswordLink(administration.deps).execute(actor, id);
    const storedLink = (digest: string) => administration.reads.passwordLinks.findByDigest(digest);

    it('is stored, ends the one before, and is audited without its code', async () => {
      const { id } = await administration.user();
      const first = await make(id);
      administration.now = at(1);
      const second = await make(id);
      expect(await storedLink(first.link.digest)).to.deep.equal({ ...first.link, endedAt: at(1) });
      expect(await storedLink(second.link.digest)).to.deep.equal(second.link);
      const entry = done('users.password_link', id, null, null);
      expect(await administration.audited()).to.deep.equal([entry, entry]);
    });

    it('is refused without permission, for an unknown user, or one who holds more than the actor', async () => {
      const { id } = await administration.user({ roles: ['admin'] });
      const refused = (subject: UserId, actor?: UserActor) => refusal(() => make(subject, actor));
      expect(await refused(id, actorWith(admin.userId, 'users.read'))).to.equal('permission_missing');
      expect(await refused(id, actorWith(admin.userId, 'users.write'))).to.equal('edit_exceeds_own');
      expect(await refused(newId('user'))).to.equal('user_not_found');
    });
  });

  it('are never changed without an audit entry', async () => {
    const { id } = await administration.user();
    const deps = administration.depsWithoutAudit;
    for (const work of [
      () => new CreateUser(deps).execute(admin, INPUT, () => aStoredResponse()),
      () => new ChangeUser(deps).execute(admin, id, { status: 'disabled' }, anyState),
      () => new AssignRole(deps).execute(admin, id, 'gm'),
      () => new RevokeRole(deps).execute(admin, id, 'player'),
      () => new DeleteUser(deps).execute(admin, id),
    ])
      await administration.expectUndone(work);
    expect(await administration.permissionsOf(id)).to.include('chat.use');
  });
});
