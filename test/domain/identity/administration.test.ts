/** What an administrator may give and change, and which changes cost the last admin. */
import { expect } from 'chai';
import { checkEdit, checkGrant, checkOwnRole, endsAdmin } from '#domain/identity/administration.ts';
import { BUILTIN_ROLES, OWN_ROLES_MAX, PERMISSIONS, ROLES_PER_USER } from '#domain/identity/permissions.ts';
import { permissionsOf } from '#domain/identity/principal.ts';
import { isEmail, loginKey, newUser, withSessionsEnded } from '#domain/identity/user.ts';
import { requirePermission } from '#domain/shared/actor.ts';
import { actorFor } from '../../support/builders/conversing.ts';
import { at, aUser } from '../../support/builders/records.ts';
import { outcomeOf, thrownBy } from '../../support/reporting/refusals.ts';

const actor = actorFor(aUser().id, 'users.read', 'users.write');

describe('an administrator', () => {
  it('gives and edits nothing beyond what they hold themselves, and is told what is lacking', () => {
    expect(outcomeOf(() => checkGrant(actor, ['users.write', 'users.read']))).to.equal('ok');
    expect(outcomeOf(() => checkEdit(actor, ['users.read']))).to.equal('ok');
    const lacking = { details: { lacking: ['audit.read', 'roles.read'] } };
    const asked = ['audit.read', 'users.read', 'roles.read'];
    expect(thrownBy(() => checkGrant(actor, asked))).to.deep.include({ code: 'grant_exceeds_own', ...lacking });
    expect(thrownBy(() => checkEdit(actor, asked))).to.deep.include({ code: 'edit_exceeds_own', ...lacking });
  });

  it('is told which permission a call needs', () => {
    expect(outcomeOf(() => requirePermission(actor, 'users.read'))).to.equal('ok');
    const refused = thrownBy(() => requirePermission(actor, 'audit.read'));
    expect(refused).to.deep.include({ code: 'permission_missing', details: { permission: 'audit.read' } });
    expect(refused.message).to.equal('This needs the permission "audit.read".');
  });

  it('changes no role that is built in', () => {
    const [builtin] = BUILTIN_ROLES;
    expect(thrownBy(() => checkOwnRole(builtin!))).to.deep.include({
      code: 'builtin_role',
      details: { role: 'admin' },
    });
    expect(outcomeOf(() => checkOwnRole({ ...builtin!, builtin: false }))).to.equal('ok');
  });

  it('ends an admin by deleting, disabling or demoting an active one, and by nothing else', () => {
    const admin = aUser({ roles: ['admin', 'player'], status: 'active' });
    const player = aUser({ roles: ['player'], status: 'active' });
    const disabled = { ...admin, status: 'disabled' as const };
    expect([null, player, disabled].map((after) => endsAdmin(admin, after))).to.deep.equal([true, true, true]);
    expect(endsAdmin(admin, { ...admin, displayName: 'Vex' })).to.equal(false);
    expect([player, disabled].map((before) => endsAdmin(before, null))).to.deep.equal([false, false]);
  });
});

describe('The built-in roles', () => {
  it('are admin with every permission, developer, gm and player', () => {
    const held = Object.fromEntries(BUILTIN_ROLES.map(({ name, permissions }) => [name, permissions.join(' ')]));
    expect(held).to.deep.equal({
      admin: Object.keys(PERMISSIONS).join(' '),
      developer: 'audit.read system.read chat.compact sources.read chat.use games.use',
      gm: 'games.create sources.read chat.use games.use',
      player: 'sources.read chat.use games.use',
    });
    expect(BUILTIN_ROLES.every(({ builtin }) => builtin)).to.equal(true);
  });

  it('leave room for 100 of a deployment’s own, 20 of one user, whose permissions add up', () => {
    expect([OWN_ROLES_MAX, ROLES_PER_USER]).to.deep.equal([100, 20]);
    const [, developer, gm] = BUILTIN_ROLES;
    expect(permissionsOf([gm!, developer!])).to.have.members([
      'games.create',
      'audit.read',
      'system.read',
      'chat.compact',
      'sources.read',
      'chat.use',
      'games.use',
    ]);
  });
});

describe('a user', () => {
  it('begins active, in the first epoch, under the normal form of their address', () => {
    const { id, username, displayName, roles } = aUser();
    const given = { id, username, displayName, roles, email: ' Vex@Example.ORG ' };
    const begun = { ...given, email: 'vex@example.org', status: 'active', sessionEpoch: 0, createdAt: at(0) };
    expect(newUser(given, at(0))).to.deep.equal(begun);
  });

  it('is found by what has an "@" as an address, by anything else as a username', () => {
    expect([isEmail('vex@example.org'), isEmail('Vex')]).to.deep.equal([true, false]);
    expect([loginKey(' Vex@Example.org '), loginKey(' Vex')]).to.deep.equal(['vex@example.org', ' vex']);
  });

  it('ends all sessions by the next epoch', () => {
    const user = aUser({ sessionEpoch: 3 });
    expect(withSessionsEnded(user)).to.deep.equal({ ...user, sessionEpoch: 4 });
  });
});
