/** Waiting for an answer, and no longer. */
import { expect } from 'chai';
import { type SinonFakeTimers, useFakeTimers } from 'sinon';
import { within } from '#adapters/redis/deadline.ts';
import { LateError } from '#adapters/redis/failures.ts';
import { failureOf } from '../../support/reporting/refusals.ts';

describe('A deadline', () => {
  let clock: SinonFakeTimers;
  beforeEach(() => {
    clock = useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setImmediate'] });
  });
  afterEach(() => clock.restore());

  it('passes on what is answered in time, a failure too, and waits for nothing more', async () => {
    expect(await within(Promise.resolve('pong'), 100)).to.equal('pong');
    const failure = new Error('broken');
    expect(await failureOf(within(Promise.reject(failure), 100))).to.equal(failure);
    expect(clock.countTimers()).to.equal(0);
  });

  it('takes an answer that comes after half of the time, and waits for nothing more', async () => {
    const { promise, resolve } = Promise.withResolvers<string>();
    const waited = within(promise, 100);
    await clock.tickAsync(99);
    resolve('pong');
    expect(await waited).to.equal('pong');
    expect(clock.countTimers()).to.equal(0);
  });

  it('ends when its time is over, after one more look for an answer that is there', async () => {
    const never = new Promise(() => {});
    let late: unknown;
    within(never, 100).catch((error) => {
      late = error;
    });
    await clock.tickAsync(99);
    expect(late).to.equal(undefined);
    await clock.tickAsync(1);
    await clock.nextAsync();
    expect(late).to.be.instanceOf(LateError);
    // The look takes a millisecond of this clock.
    expect(clock.now).to.equal(101);

    const { promise, resolve } = Promise.withResolvers<string>();
    const waited = within(promise, 100);
    clock.tick(50);
    clock.tick(49);
    setTimeout(() => resolve('just'), 1);
    await clock.tickAsync(1);
    expect(await waited).to.equal('just');
  });
});
