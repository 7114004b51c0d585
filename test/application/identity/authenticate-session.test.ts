/** What authenticating by a session does when its use cannot be recorded. */
import { expect } from 'chai';
import { AuthenticateSession } from '#application/identity/sessions/authenticate-session.ts';
import { NO_ORIGIN } from '#domain/shared/actor.ts';
import { aSession, at, aUser } from '../../support/builders/records.ts';
import { failureOf } from '../../support/reporting/refusals.ts';

const user = aUser();
const session = aSession(user.id, { epoch: user.sessionEpoch, lastSeenAt: at(0) });
const away = new Error('The store is away.');

function authenticating(now: Date): AuthenticateSession {
  const sessions = { find: async () => session, touch: () => Promise.reject(away) };
  const deps = {
    sessions,
    secrets: { digest: (secret: string) => secret },
    principals: { findActive: async () => ({ user, permissions: [] }) },
    clock: { now: () => now },
    limits: { idleMs: 60_000, absoluteMs: 60_000, touchMs: 10_000, perUser: 9 },
  };
  return new AuthenticateSession(deps as unknown as ConstructorParameters<typeof AuthenticateSession>[0]);
}

describe('Authenticating by a session', () => {
  it('fails with the store that cannot record the use, and needs no record within the interval', async () => {
    expect(await failureOf(authenticating(at(10)).execute('secret', NO_ORIGIN))).to.equal(away);
    expect(await authenticating(at(9)).execute('secret', NO_ORIGIN)).to.have.nested.property('actor.userId', user.id);
  });
});
