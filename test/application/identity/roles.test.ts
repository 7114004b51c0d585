/**
 * Roles as use cases, in memory: what is stored afterwards, what the audit has, and that a refusal leaves nothing
 * behind.
 */
import { expect } from 'chai';
import { ChangeRole, type RoleChange } from '#application/identity/roles/change-role.ts';
import { CreateRole, type RoleInput } from '#application/identity/roles/create-role.ts';
import { DeleteRole } from '#application/identity/roles/delete-role.ts';
import type { AuditFacts } from '#application/shared/audit-log.ts';
import { BUILTIN_ROLES, OWN_ROLES_MAX } from '#domain/identity/permissions.ts';
import type { UserActor } from '#domain/shared/actor.ts';
import type { DomainError } from '#domain/shared/domain-error.ts';
import { Administration, actorWith, noted } from '../../support/builders/administering.ts';
import { at } from '../../support/builders/records.ts';
import { failureOf } from '../../support/reporting/refusals.ts';

const INPUT: RoleInput = { name: 'bard', description: 'Sings.', permissions: ['chat.use'] };

describe('roles', () => {
  let administration: Administration;
  let admin: UserActor;
  beforeEach(async () => {
    administration = await Administration.open();
    ({ actor: admin } = await administration.admin());
  });
  afterEach(() => administration.close());

  const create = (input: Partial<RoleInput> = {}, actor = admin) =>
    new CreateRole(administration.deps).execute(actor, { ...INPUT, ...input });
  const change = (name: string, changed: RoleChange, actor = admin) =>
    new ChangeRole(administration.deps).execute(actor, name, changed, null);
  const remove = (name: string, actor = admin) => new DeleteRole(administration.deps).execute(actor, name);
  const refusal = (work: () => Promise<unknown>) => administration.refusal(work);
  const stored = (name: string) => administration.reads.roles.find(name);
  const done = (action: string, before: AuditFacts | null, after: AuditFacts | null) =>
    noted(admin, action, 'role:bard', { before, after });
  /** Somebody who may change roles, and holds little else. */
  const writer = () => actorWith(admin.userId, 'roles.write', 'chat.use');

  describe('creation', () => {
    it('stores each permission once and in order', async () => {
      await create({ permissions: ['sources.read', 'chat.use', 'chat.use'] });
      const permissions = ['chat.use', 'sources.read'];
      expect(await stored('bard')).to.deep.equal({ ...INPUT, builtin: false, permissions });
      const after = { description: 'Sings.', permissions };
      expect(await administration.audited()).to.deep.equal([done('roles.create', null, after)]);
    });

    it('is refused without roles.write, beyond the actor’s permissions, or under a taken name', async () => {
      const reader = actorWith(admin.userId, 'roles.read', 'roles.assign', 'chat.use');
      expect(await refusal(() => create({}, reader))).to.equal('permission_missing');
      expect(await refusal(() => create({ permissions: ['chat.use', 'users.write'] }, writer()))).to.equal(
        'grant_exceeds_own',
      );
      await create({}, writer());
      expect(await refusal(() => create({ description: 'Another.' }))).to.equal('role_name_taken');
      for (const { name } of BUILTIN_ROLES) expect(await refusal(() => create({ name }))).to.equal('role_name_taken');
    });
  });

  describe('change', () => {
    beforeEach(() => administration.role('bard', 'chat.use'));
    const facts = (...permissions: readonly string[]) => ({ permissions });

    it('updates the description, and audits only that', async () => {
      expect(await change('bard', { description: 'Sings anew.' })).to.deep.include({ description: 'Sings anew.' });
      expect(await stored('bard')).to.deep.include({ description: 'Sings anew.', permissions: ['chat.use'] });
      const changes = [{ description: 'Said of it.' }, { description: 'Sings anew.' }] as const;
      expect(await administration.audited()).to.deep.equal([done('roles.update', ...changes)]);
    });

    it('attaches and detaches a permission for every holder from their next request on', async () => {
      const [one, two] = [
        await administration.user({ roles: ['bard'] }),
        await administration.user({ roles: ['bard', 'player'] }),
      ];
      const may = async () =>
        Promise.all([one, two].map(async ({ id }) => (await administration.permissionsOf(id)).includes('audit.read')));
      expect(await may()).to.deep.equal([false, false]);
      await change('bard', { attach: 'audit.read' });
      expect(await may()).to.deep.equal([true, true]);
      expect((await stored('bard'))?.permissions).to.deep.equal(['audit.read', 'chat.use']);
      administration.now = at(1);
      await change('bard', { detach: 'audit.read' });
      expect(await may()).to.deep.equal([false, false]);
      expect((await stored('bard'))?.permissions).to.deep.equal(['chat.use']);
      expect(await administration.audited()).to.deep.equal([
        done('roles.update', facts('audit.read', 'chat.use'), facts('chat.use')),
        done('roles.update', facts('chat.use'), facts('audit.read', 'chat.use')),
      ]);
    });

    it('stores and audits nothing if nothing differs', async () => {
      const before = await administration.everything();
      for (const same of [
        { attach: 'chat.use' },
        { detach: 'audit.read' },
        { description: 'Said of it.' },
        {},
      ] as const)
        await change('bard', same);
      expect(await administration.everything()).to.equal(before);
    });

    it('is refused without roles.write, beyond the actor’s permissions, or for an unknown role', async () => {
      const reader = actorWith(admin.userId, 'roles.read', 'chat.use', 'audit.read');
      expect(await refusal(() => change('bard', { attach: 'audit.read' }, reader))).to.equal('permission_missing');
      expect(await refusal(() => change('bard', { attach: 'audit.read' }, writer()))).to.equal('grant_exceeds_own');
      await administration.role('keeper', 'audit.read');
      for (const changed of [{ description: 'Mine.' }, { detach: 'audit.read' }, { attach: 'chat.use' }] as const)
        expect(await refusal(() => change('keeper', changed, writer()))).to.equal('edit_exceeds_own');
      expect(await refusal(() => change('druid', {}))).to.equal('role_not_found');
    });

    it('is refused for built-in roles, even if nothing would change', async () => {
      for (const { name, permissions } of BUILTIN_ROLES) {
        const [detach] = permissions;
        for (const changed of [{}, { description: 'Mine.' }, { attach: 'system.read' }, { detach }] as const)
          expect(await refusal(() => change(name, changed as RoleChange)), name).to.equal('builtin_role');
      }
    });

    it('is refused if the precondition on the stored role fails', async () => {
      const stale = new Error('stale');
      const work = new ChangeRole(administration.deps).execute(admin, 'bard', { description: 'Late.' }, (seen) => {
        expect(seen).to.deep.include({ name: 'bard', description: 'Said of it.' });
        throw stale;
      });
      expect(await failureOf(work)).to.equal(stale);
      expect((await stored('bard'))?.description).to.equal('Said of it.');
      expect(await administration.audited()).to.deep.equal([]);
    });
  });

  describe('deletion', () => {
    beforeEach(() => administration.role('bard', 'chat.use'));

    it('succeeds only once no user has the role, and audits what it was', async () => {
      const holder = await administration.user({ roles: ['bard'], status: 'disabled' });
      expect(await refusal(() => remove('bard'))).to.equal('role_in_use');
      await administration.unitOfWork.run(({ users }) => users.save({ ...holder, roles: [] }));
      await remove('bard');
      expect(await stored('bard')).to.equal(undefined);
      const before = { description: 'Said of it.', permissions: ['chat.use'] };
      expect(await administration.audited()).to.deep.equal([done('roles.delete', before, null)]);
      expect(await refusal(() => remove('bard'))).to.equal('role_not_found');
    });

    it('is refused without roles.write, for a role beyond the actor’s permissions, or for a built-in one', async () => {
      await administration.role('keeper', 'audit.read');
      expect(await refusal(() => remove('bard', actorWith(admin.userId, 'roles.assign')))).to.equal(
        'permission_missing',
      );
      expect(await refusal(() => remove('keeper', writer()))).to.equal('edit_exceeds_own');
      for (const { name } of BUILTIN_ROLES) expect(await refusal(() => remove(name)), name).to.equal('builtin_role');
    });
  });

  describe('refusals', () => {
    const refused = async (work: Promise<unknown>) => {
      const { kind, code, details } = (await failureOf(work)) as DomainError;
      return { kind, code, details };
    };

    it('name the role in question', async () => {
      await administration.role('bard', 'chat.use');
      await administration.user({ roles: ['bard'] });
      const [conflict, details] = ['conflict', { role: 'bard' }];
      expect(await refused(create())).to.deep.equal({ kind: conflict, code: 'role_name_taken', details });
      expect(await refused(remove('bard'))).to.deep.equal({ kind: conflict, code: 'role_in_use', details });
      const builtin = { kind: conflict, code: 'builtin_role', details: { role: 'player' } };
      for (const work of [remove('player'), change('player', {})]) expect(await refused(work)).to.deep.equal(builtin);
      const unknown = { kind: 'not_found', code: 'role_not_found', details: { role: 'druid' } };
      for (const work of [remove('druid'), change('druid', {})]) expect(await refused(work)).to.deep.equal(unknown);
    });

    it('name the permissions that the actor lacks, and no others', async () => {
      await administration.role('keeper', 'audit.read', 'chat.use');
      const reader = actorWith(admin.userId, 'roles.read');
      const missing = { kind: 'forbidden', code: 'permission_missing', details: { permission: 'roles.write' } };
      for (const work of [create({}, reader), change('keeper', {}, reader), remove('keeper', reader)])
        expect(await refused(work)).to.deep.equal(missing);
      const grant = { kind: 'forbidden', code: 'grant_exceeds_own', details: { lacking: ['users.write'] } };
      expect(await refused(create({ permissions: ['chat.use', 'users.write'] }, writer()))).to.deep.equal(grant);
      await administration.role('bard', 'chat.use');
      expect(await refused(change('bard', { attach: 'users.write' }, writer()))).to.deep.equal(grant);
      const edit = { kind: 'forbidden', code: 'edit_exceeds_own', details: { lacking: ['audit.read'] } };
      for (const work of [change('keeper', { description: 'Mine.' }, writer()), remove('keeper', writer())])
        expect(await refused(work)).to.deep.equal(edit);
    });

    it('say how many roles there can be, once there are as many', async () => {
      for (let count = 1; count < OWN_ROLES_MAX; count += 1) await administration.role(`role-${count}`);
      await create();
      const full = { kind: 'conflict', code: 'roles_full', details: { max: OWN_ROLES_MAX } };
      expect(await refused(create({ name: 'druid' }))).to.deep.equal(full);
      expect(await stored('druid')).to.equal(undefined);
    });
  });

  it('are never changed without an audit entry', async () => {
    await administration.role('bard', 'chat.use');
    const deps = administration.depsWithoutAudit;
    for (const work of [
      () => new CreateRole(deps).execute(admin, { ...INPUT, name: 'druid' }),
      () => new ChangeRole(deps).execute(admin, 'bard', { description: 'Mine.' }, null),
      () => new ChangeRole(deps).execute(admin, 'bard', { attach: 'audit.read' }, null),
      () => new DeleteRole(deps).execute(admin, 'bard'),
    ])
      await administration.expectUndone(work);
  });
});
