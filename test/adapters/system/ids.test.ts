/** Ids say what they name, and sort by the time they were made. */
import { expect } from 'chai';
import { UuidIds } from '#adapters/system/ids.ts';

describe('ids', () => {
  const ids = new UuidIds();

  it('carry the prefix of their kind and a UUID of version 7', () => {
    expect(ids.next('user')).to.match(/^usr_[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/u);
    expect(ids.next('thread')).to.match(/^thr_/u);
  });

  it('ascend, and never repeat', () => {
    const many = Array.from({ length: 1_000 }, () => ids.next('message'));
    expect(many).to.deep.equal([...many].sort());
    expect(new Set(many).size).to.equal(1_000);
  });
});
