/** The time in which a proxy takes a server out that is about to stop. */
import { expect } from 'chai';
import { restore, type SinonFakeTimers, useFakeTimers } from 'sinon';
import { Drain } from '#infrastructure/http/drain.ts';

const READY = { ready: true, checks: { database: 'postgres' } };
const never = new AbortController().signal;

describe('the drain of a server', () => {
  let clock: SinonFakeTimers;
  beforeEach(() => {
    clock = useFakeTimers();
  });
  afterEach(restore);

  const readinessOf = (drain: Drain) => drain.readiness(async () => READY);
  async function isOver(waiting: Promise<void>): Promise<boolean> {
    let over = false;
    void waiting.then(() => {
      over = true;
    });
    await clock.tickAsync(0);
    return over;
  }

  it('makes it not ready as soon as it begins, and lasts 2 s where there are other servers', async () => {
    const drain = new Drain(true);
    expect(await readinessOf(drain)).to.deep.equal(READY);
    const waiting = drain.wait(never);
    expect(await readinessOf(drain)).to.deep.equal({ ready: false, checks: { server: 'stopping' } });
    await clock.tickAsync(1_999);
    expect(await isOver(waiting)).to.equal(false);
    await clock.tickAsync(1);
    expect(await isOver(waiting)).to.equal(true);
  });

  it('is over at once where there is no other server, and when it is cut', async () => {
    expect(await isOver(new Drain(false).wait(never))).to.equal(true);
    const cut = new AbortController();
    const waiting = new Drain(true).wait(cut.signal);
    expect(await isOver(waiting)).to.equal(false);
    cut.abort();
    expect(await isOver(waiting)).to.equal(true);
  });
});
