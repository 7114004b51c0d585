/** Digests of logins under a key: comparable, and worth nothing without the key. */
import { expect } from 'chai';
import { HmacDigests } from '#adapters/security/hmac-digests.ts';

describe('HmacDigests', () => {
  const [key, another] = [Buffer.alloc(32, 1), Buffer.alloc(32, 2)];

  it('returns HMAC-SHA-256: equal for equal texts, and another one under another key', () => {
    // RFC 4231, test case 2.
    const known = new HmacDigests(Buffer.from('Jefe')).of('what do ya want for nothing?');
    expect(known).to.equal('5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843');
    expect(new HmacDigests(key).of('vex')).to.equal(new HmacDigests(key).of('vex'));
    expect(new HmacDigests(key).of('vex')).not.to.equal(new HmacDigests(another).of('vex'));
  });
});
