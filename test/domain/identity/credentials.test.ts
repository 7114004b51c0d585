/** How long sessions, tokens and password links last, and what ends them. */
import { expect } from 'chai';
import {
  issueToken,
  isUsable,
  lifetimeMs,
  replaced,
  revoked,
  TOKEN_DEFAULT_SECONDS,
  TOKEN_MAX_GRACE_SECONDS,
  TOKEN_MAX_SECONDS,
} from '#domain/identity/api-token.ts';
import { checkOpen, makeLink } from '#domain/identity/password-link.ts';
import { beginSession, expiresAt, isLive, needsTouch, touched } from '#domain/identity/session.ts';
import { anApiToken, aPasswordLink, aSession, at, aUser, newId } from '../../support/builders/records.ts';
import { outcomeOf } from '../../support/reporting/refusals.ts';

const userId = aUser().id;
const DAY = 86_400;

describe('a session', () => {
  const limits = { idleMs: 60_000, absoluteMs: 90_000, touchMs: 10_000, perUser: 9 };
  const { createdAt: _, lastSeenAt, idleEndAt, absoluteEndAt, ...begun } = aSession(userId);
  const session = beginSession(begun, at(0), limits);

  it('begins unused, and ends when it was idle for too long or is too old', () => {
    const times = { createdAt: at(0), lastSeenAt: at(0), idleEndAt: at(60), absoluteEndAt: at(90) };
    expect(session).to.deep.equal({ ...begun, ...times });
    expect(expiresAt(session)).to.deep.equal(at(60));
    expect([59.999, 60, 61].map((seconds) => isLive(session, at(seconds)))).to.deep.equal([true, false, false]);
  });

  it('is postponed by a use, though never beyond its absolute end', () => {
    const used = touched(session, at(20), limits);
    expect(used).to.deep.equal({ ...session, lastSeenAt: at(20), idleEndAt: at(80) });
    const late = touched(used, at(79), limits);
    expect([late.idleEndAt, late.absoluteEndAt, expiresAt(late)]).to.deep.equal([at(139), at(90), at(90)]);
  });

  it('is over where the clock that it was begun or used by turns out to have been ahead, but for a minute', () => {
    expect([-61, -60, -59].map((seconds) => isLive(session, at(seconds)))).to.deep.equal([false, true, true]);
    const used = touched(session, at(3_600), { ...limits, absoluteMs: 9_999_999, idleMs: 9_999_999 });
    const late = { ...used, absoluteEndAt: at(99_999) };
    expect([3_539, 3_540, 7_000].map((seconds) => isLive(late, at(seconds)))).to.deep.equal([false, true, true]);
  });

  it('records a use once in the interval between two recorded uses', () => {
    expect([9.999, 10].map((seconds) => needsTouch(session, at(seconds), limits))).to.deep.equal([false, true]);
  });
});

describe('an API token', () => {
  const {
    scopes: _,
    createdAt,
    expiresAt: end,
    lastUsedAt,
    usageCount,
    revokedAt,
    revokedBy,
    ...named
  } = anApiToken(userId);
  const issued = { ...named, scopes: ['sources.read', 'chat.use', 'sources.read'] as const };
  const token = issueToken(issued, at(0), 5_000);

  it('lasts 90 days where nobody says how long, a year at most, and 7 days beside its successor', () => {
    const days = [TOKEN_DEFAULT_SECONDS, TOKEN_MAX_SECONDS, TOKEN_MAX_GRACE_SECONDS].map((seconds) => seconds / DAY);
    expect(days).to.deep.equal([90, 365, 7]);
  });

  it('is issued unused, with each scope once and in order', () => {
    expect(token).to.deep.equal({
      ...named,
      scopes: ['chat.use', 'sources.read'],
      createdAt: at(0),
      expiresAt: at(5),
      lastUsedAt: null,
      usageCount: 0,
      revokedAt: null,
      revokedBy: null,
    });
    expect(lifetimeMs(token)).to.equal(5_000);
  });

  it('ends at its expiry or when it is revoked, by whoever revokes it first', () => {
    expect([4.999, 5].map((seconds) => isUsable(token, at(seconds)))).to.deep.equal([true, false]);
    const [owner, admin] = [newId('user'), newId('user')];
    const ended = revoked(token, owner, at(1));
    expect(ended).to.deep.equal({ ...token, revokedAt: at(1), revokedBy: owner });
    expect(revoked(ended, admin, at(2))).to.equal(ended);
    expect(isUsable(ended, at(1))).to.equal(false);
  });

  it('ends a grace period after it was replaced, or earlier where it would have anyway', () => {
    expect(replaced(token, at(1), 2_000)).to.deep.equal({ ...token, expiresAt: at(3) });
    expect(replaced(token, at(4), 2_000)).to.deep.equal(token);
    expect(outcomeOf(() => replaced(token, at(5), 2_000))).to.equal('token_ended');
    expect(outcomeOf(() => replaced(revoked(token, userId, at(1)), at(2), 0))).to.equal('token_ended');
  });
});

describe('a password link', () => {
  const { id, digest } = aPasswordLink(userId);
  const link = makeLink({ id, userId, digest }, at(0));

  it('can be used once within 24 hours', () => {
    expect(link).to.deep.equal({ id, userId, digest, createdAt: at(0), expiresAt: at(DAY), endedAt: null });
    expect([DAY - 0.001, DAY].map((seconds) => outcomeOf(() => checkOpen(link, at(seconds))))).to.deep.equal([
      'ok',
      'password_link_ended',
    ]);
    expect(outcomeOf(() => checkOpen({ ...link, endedAt: at(1) }, at(1)))).to.equal('password_link_ended');
  });
});
