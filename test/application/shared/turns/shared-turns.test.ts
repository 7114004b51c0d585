/** Works on one thing run together or alone, in the order in which they came. */
import { expect } from 'chai';
import { SharedTurns } from '#application/shared/turns/shared-turns.ts';

/** A work that ends when it is told to, and tells when it began. */
function work() {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  let begun = false;
  const run = () => {
    begun = true;
    return promise;
  };
  return { run, resolve, reject, begun: () => begun };
}
const settle = () => new Promise(setImmediate);

describe('SharedTurns', () => {
  it('runs works together, one alone after them, and later ones after that', async () => {
    const turns = new SharedTurns();
    const [a, b, alone, later] = [work(), work(), work(), work()];
    expect(turns.isFree('x')).to.equal(true);
    const running = [turns.together('x', a.run), turns.together('x', b.run)];
    await settle();
    expect(turns.isFree('x')).to.equal(true);
    running.push(turns.alone('x', alone.run), turns.together('x', later.run));
    expect(turns.isFree('x')).to.equal(false);
    const ended = Promise.allSettled(running);
    a.resolve('a');
    await settle();
    expect([a, b, alone, later].map((one) => one.begun())).to.deep.equal([true, true, false, false]);
    b.reject(new Error('b failed'));
    await settle();
    expect([alone, later].map((one) => one.begun())).to.deep.equal([true, false]);
    alone.resolve('alone');
    later.resolve('later');
    const done = await ended;
    expect(done.map((one) => one.status)).to.deep.equal(['fulfilled', 'rejected', 'fulfilled', 'fulfilled']);
    expect(later.begun()).to.equal(true);
    expect(turns.isFree('x')).to.equal(true);
  });

  it('lets a work that is tried again go before those that came after it', async () => {
    const turns = new SharedTurns();
    const order: string[] = [];
    const noting = (name: string) => async () => void order.push(name);
    const place = turns.arrive();
    const first = work();
    const running = [
      turns.alone('x', first.run),
      turns.alone('x', noting('later')),
      turns.together('x', noting('last')),
    ];
    running.push(turns.together('x', noting('again'), place), turns.alone('x', noting('again, alone'), place));
    await settle();
    expect(order).to.deep.equal([]);
    first.resolve('');
    await Promise.all(running);
    expect(order).to.deep.equal(['again', 'again, alone', 'later', 'last']);
  });

  it('lets works on other things run at once', async () => {
    const turns = new SharedTurns();
    const [mine, other] = [work(), work()];
    const running = [turns.alone('x', mine.run), turns.alone('y', other.run)];
    await settle();
    expect([mine.begun(), other.begun()]).to.deep.equal([true, true]);
    mine.resolve('');
    other.resolve('');
    await Promise.all(running);
  });

  it('forgets a thing with the last of its works, and not with the first that ends', async () => {
    const turns = new SharedTurns();
    const [a, b, alone] = [work(), work(), work()];
    const running = [turns.together('x', a.run), turns.together('x', b.run)];
    a.resolve('a');
    await running[0];
    running.push(turns.alone('x', alone.run));
    await settle();
    expect(alone.begun()).to.equal(false);
    b.resolve('b');
    await settle();
    expect(alone.begun()).to.equal(true);
    alone.resolve('alone');
    await Promise.all(running);
    expect(turns.isFree('x')).to.equal(true);
  });
});
