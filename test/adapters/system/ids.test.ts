/** Ids say what they name, and sort by the time they were made. */
import { expect } from 'chai';
import { useFakeTimers } from 'sinon';
import { UuidIds } from '#adapters/system/ids.ts';

describe('ids', () => {
  const ids = new UuidIds();

  it('carry the prefix of their kind and a UUID of version 7', () => {
    expect(ids.next('user')).to.match(/^usr_[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/u);
    expect(ids.next('thread')).to.match(/^thr_/u);
  });

  it('ascend, and never repeat', () => {
    const many = Array.from({ length: 5_000 }, () => ids.next('message'));
    expect(many).to.deep.equal([...many].sort());
    expect(new Set(many).size).to.equal(5_000);
    const ends = many.map((id) => id.slice(-12));
    expect(new Set(ends).size).to.equal(5_000);
  });

  it('ascend though the clock goes back', () => {
    const clock = useFakeTimers({ now: 1_800_000_000_000, toFake: ['Date'] });
    try {
      const first = ids.next('message');
      clock.setSystemTime(1_700_000_000_000);
      const next = Array.from({ length: 3 }, () => ids.next('message'));
      expect([first, ...next]).to.deep.equal([first, ...next].sort());
      clock.setSystemTime(1_800_000_000_001);
      expect(ids.next('message') > next[2]!).to.equal(true);
    } finally {
      clock.restore();
    }
  });
});
