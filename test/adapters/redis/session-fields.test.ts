/** Sessions as fields of a hash, and back; what is cut off is no session. */
import { expect } from 'chai';
import { FIELDS, fieldsOf, type Row, sessionFrom } from '#adapters/redis/session-fields.ts';
import type { Session } from '#domain/identity/session.ts';
import { aSession, at, newId } from '../../support/builders/records.ts';

/** Every part different from every other. */
const WHOLE: Session = {
  ...aSession(newId('user')),
  epoch: 7,
  createdAt: at(1),
  lastSeenAt: at(2),
  idleEndAt: at(3),
  absoluteEndAt: at(4),
  ip: '192.0.2.1',
  userAgent: 'Firefox',
  oauthAccountId: newId('oauthAccount'),
};

/** What Redis would answer for the fields. */
function rowOf(session: Session): Row {
  const fields = fieldsOf(session);
  const stored = new Map(fields.flatMap((name, i) => (i % 2 === 0 ? [[name, fields[i + 1] as string] as const] : [])));
  return [session.digest, ...FIELDS.map((name) => stored.get(name) ?? null)];
}

describe('The fields of a session', () => {
  it('give it back as it was, with and without what may be null', () => {
    expect(sessionFrom(rowOf(WHOLE))).to.deep.equal(WHOLE);
    const least = { ...WHOLE, ip: null, userAgent: null, oauthAccountId: null };
    expect(sessionFrom(rowOf(least))).to.deep.equal(least);
    expect(fieldsOf(WHOLE)).to.have.length(2 * FIELDS.length);
    expect(fieldsOf(least)).to.have.length(2 * (FIELDS.length - 3));
  });

  it('give none where one is missing, or no time, that every session has', () => {
    const without = (name: string, value: string | null) =>
      rowOf(WHOLE).map((stored, i) => (FIELDS[i - 1] === name ? value : stored));
    const mayBeNull = ['ip', 'user_agent', 'oauth_account_id'];
    for (const name of FIELDS.filter((field) => !mayBeNull.includes(field)))
      expect(sessionFrom(without(name, null)), name).to.equal(undefined);
    for (const name of FIELDS.filter((field) => field.endsWith('_at')))
      expect(sessionFrom(without(name, 'soon')), name).to.equal(undefined);
    expect(sessionFrom([null, ...rowOf(WHOLE).slice(1)])).to.equal(undefined);
  });
});
