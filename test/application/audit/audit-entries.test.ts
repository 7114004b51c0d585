/** Whom an audit entry names: the user, their token, the system, or nobody. */
import { expect } from 'chai';
import { AuditEntries } from '#application/shared/audit-log.ts';
import { type Actor, requirePermission, SYSTEM, type UserActor } from '#domain/shared/actor.ts';
import { workspaceRights } from '#domain/shared/workspace-rights.ts';
import { at, newId } from '../../support/builders/records.ts';

const audit = new AuditEntries({ clock: { now: () => at(0) }, ids: { next: newId } });
const origin = { ip: '192.0.2.7', requestId: 'request-7' };
const user: UserActor = {
  kind: 'user',
  userId: newId('user'),
  permissions: ['users.write'],
  workspaces: workspaceRights([], false),
  sessionId: newId('session'),
  tokenId: null,
  origin,
};

describe('an audit entry', () => {
  const named = (actor: Actor) => {
    const { actorId, actorKind, ip, requestId } = audit.by(actor, { action: 'games.update', subject: null });
    return { actorId, actorKind, ip, requestId };
  };

  it('names a user who is signed in, and from where they came', () => {
    expect(named(user)).to.deep.equal({ actorId: user.userId, actorKind: 'user', ...origin });
  });

  it('names the owner of a token, as one who came by it', () => {
    const byToken = { ...user, sessionId: null, tokenId: newId('apiToken') };
    expect(named(byToken)).to.deep.equal({ actorId: user.userId, actorKind: 'token', ...origin });
  });

  it('names nobody where the system acts by itself, and comes from nowhere', () => {
    expect(named(SYSTEM)).to.deep.equal({ actorId: null, actorKind: 'system', ip: null, requestId: null });
  });

  it('names the user on whose behalf the system acts, as the system', () => {
    const forUser: Actor = { kind: 'system', onBehalfOf: user.userId };
    expect(named(forUser)).to.deep.equal({ actorId: user.userId, actorKind: 'system', ip: null, requestId: null });
  });

  it('names nobody who was not signed in, and from where they came', () => {
    const { actorId, actorKind, ip } = audit.anonymous(origin, { action: 'users.sign_in', subject: null });
    expect({ actorId, actorKind, ip }).to.deep.equal({ actorId: null, actorKind: 'anonymous', ip: origin.ip });
  });
});

describe('a permission', () => {
  it('is asked of users: that the system holds one does not compile', () => {
    expect(() => requirePermission(user, 'users.write')).not.to.throw();
    // @ts-expect-error The system holds no permissions; what it may do is what it is wired to do.
    expect(() => requirePermission(SYSTEM, 'users.write')).to.throw();
  });
});
