/** How long sign-in waits after failures. */
import { expect } from 'chai';
import { counting, delayMs, FREE_FAILURES, failedAgain, forgiven } from '#domain/identity/sign-in-delay.ts';
import { at } from '../../support/builders/records.ts';

const failures = (count: number) => ({ count, lastAt: at(0) });
const DAY = 86_400;

describe('The delay of a sign-in', () => {
  it('begins after five failures of an account and twenty of an address', () => {
    expect(FREE_FAILURES).to.deep.equal({ account: 5, address: 20 });
    expect(delayMs(undefined, 5, at(0))).to.equal(0);
    expect([4, 5, 6, 7].map((count) => delayMs(failures(count), 5, at(0)))).to.deep.equal([0, 1_000, 2_000, 4_000]);
  });

  it('is 15 minutes at most, however many failures there were', () => {
    expect([14, 15, 1_000].map((count) => delayMs(failures(count), 5, at(0)))).to.deep.equal([
      512_000, 900_000, 900_000,
    ]);
  });

  it('passes, and is never longer than it was where the clock went back', () => {
    expect([1, 3, 4, 5].map((seconds) => delayMs(failures(7), 5, at(seconds)))).to.deep.equal([3_000, 1_000, 0, 0]);
    expect(delayMs(failures(7), 5, at(-DAY))).to.equal(4_000);
  });

  it('counts no failures of a day ago, and those of a future clock as of now', () => {
    expect(counting(undefined, at(0))).to.equal(undefined);
    expect(counting(failures(3), at(DAY - 0.001))).to.deep.equal(failures(3));
    expect(counting(failures(3), at(DAY))).to.equal(undefined);
    expect(counting({ count: 3, lastAt: at(60) }, at(0))).to.deep.equal(failures(3));
  });

  it('counts each further failure, and forgets those that were the user’s own mistakes', () => {
    expect(failedAgain(undefined, at(0))).to.deep.equal(failures(1));
    expect(failedAgain(failures(1), at(2))).to.deep.equal({ count: 2, lastAt: at(2) });
    expect(forgiven(undefined, 1)).to.equal(undefined);
    expect(forgiven(failures(3), 2)).to.deep.equal(failures(1));
    expect(forgiven(failures(3), 3)).to.equal(undefined);
  });
});
