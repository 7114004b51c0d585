/** What every counter of failures to sign in promises. */
import { join } from 'node:path';
import { expect } from 'chai';
import { EmbeddedSignInDelays } from '#adapters/embedded/sign-in-delays.ts';
import { SpeedFile } from '#adapters/embedded/speed-file.ts';
import { RedisSignInDelays } from '#adapters/redis/sign-in-delays.ts';
import type { SignInDelays, SignInSubject } from '#application/identity/ports.ts';
import { contract, type Openers, type Plan } from '../../support/backends/backends.ts';
import { at } from '../../support/builders/records.ts';
import { temporaryFolder } from '../../support/servers/temporary-database.ts';
import { openTemporaryRedis } from '../../support/servers/temporary-redis.ts';

const PLAN: Plan = {
  memory: 'run',
  sqlite: { skip: 'failures are counted in the speed layer' },
  embedded: 'run',
  postgres: { skip: 'failures are counted in the speed layer' },
  redis: 'run',
};

const openers: Openers<SignInDelays> = {
  memory: async () => ({ harness: new EmbeddedSignInDelays(), close: async () => {} }),
  embedded: async () => {
    const file = new SpeedFile({ path: join(temporaryFolder(), 'speed.db'), synchronous: 'normal' });
    return { harness: new EmbeddedSignInDelays({ file }), close: async () => file.close() };
  },
  redis: async () => {
    const { connection, close } = await openTemporaryRedis();
    const meanwhile = new EmbeddedSignInDelays();
    return { harness: new RedisSignInDelays({ redis: connection, meanwhile }), close };
  },
};

const YEAR_SECONDS = 365 * 86_400;
const DAY_SECONDS = 86_400;

contract('SignInDelays', PLAN, openers, (delays) => {
  const from = (account: string, address: string | null = null): SignInSubject => ({ account, address });
  const attempt = (subject: SignInSubject, seconds = 0) => delays().attempt(subject, at(seconds));
  const wait = (subject: SignInSubject, seconds = 0) => delays().waitMs(subject, at(seconds));

  async function fail(times: number, subject: (i: number) => SignInSubject, seconds = 0): Promise<void> {
    for (let i = 0; i < times; i++) expect(await attempt(subject(i), seconds), `attempt ${i + 1}`).to.equal(0);
  }

  it('allows five failures of an account, then requires a wait that doubles from a second up to 15 minutes', async () => {
    const vex = from('vex');
    await fail(5, () => vex);
    let seconds = 0;
    for (const expected of [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900]) {
      expect(await wait(vex, seconds)).to.equal(expected * 1_000);
      expect(await wait(vex, seconds + expected - 0.001)).to.equal(1);
      seconds += expected;
      expect(await wait(vex, seconds)).to.equal(0);
      expect(await attempt(vex, seconds)).to.equal(0);
    }
  });

  it('allows twenty failures of an address across all accounts', async () => {
    const subject = (i: number) => from(`account ${i}`, '192.0.2.1');
    await fail(20, subject);
    expect(await attempt(subject(99))).to.equal(1_000);
    expect(await attempt(from('account 99', '192.0.2.2'))).to.equal(0);
    expect(await attempt(subject(98), 1)).to.equal(0);
    expect(await wait(subject(99), 1)).to.equal(2_000);
  });

  it('does not count attempts during a wait', async () => {
    const vex = from('vex', '192.0.2.1');
    await fail(5, () => vex);
    for (let i = 0; i < 50; i++) expect(await attempt(vex, 0.5)).to.equal(500);
    expect(await wait(vex, 1)).to.equal(0);
    await fail(15, (i) => from(`other ${i}`, '192.0.2.1'), 1);
    expect(await wait(from('new', '192.0.2.1'), 1)).to.equal(1_000);
  });

  it('admits five of forty concurrent attempts', async () => {
    const answers = await Promise.all(Array.from({ length: 40 }, () => attempt(from('vex', '192.0.2.1'))));
    expect(answers.filter((waitMs) => waitMs === 0)).to.have.length(5);
  });

  it('forgets the failures of an account that succeeds, and subtracts only those from its address', async () => {
    const [own, other] = [from('own', '192.0.2.1'), (i: number) => from(`other ${i}`, '192.0.2.1')];
    await fail(17, other);
    await fail(2, () => own);
    await fail(1, () => from('own username', '192.0.2.1'));
    expect(await wait(other(99))).to.equal(1_000);
    await delays().succeeded(['own', 'own username'], '192.0.2.1');
    await fail(3, () => own);
    expect(await wait(other(99))).to.equal(1_000);
  });

  it('unlocks one account, but not its address', async () => {
    const vex = from('vex', '192.0.2.1');
    await fail(5, () => vex);
    await delays().unlock(['vex', 'another']);
    expect(await wait(vex)).to.equal(0);
    await fail(5, () => vex);
    await delays().unlock(['vex', 'another']);
    await fail(10, (i) => from(`account ${i}`, '192.0.2.1'));
    expect(await wait(vex)).to.equal(1_000);
  });

  it('never requires a longer wait than the rule, even if the clock was a year ahead', async () => {
    const vex = from('vex', '192.0.2.1');
    await fail(5, () => vex, YEAR_SECONDS);
    await fail(15, (i) => from(`other ${i}`, '192.0.2.1'), YEAR_SECONDS);
    expect(await attempt(vex, YEAR_SECONDS)).to.equal(1_000);
    expect(await wait(vex, 0)).to.equal(1_000);
    expect(await attempt(from('new', '192.0.2.1'), 0.999)).to.equal(1);
    expect(await wait(vex, 1)).to.equal(0);
    expect(await attempt(vex, 1)).to.equal(0);
    expect(await wait(vex, 1)).to.equal(2_000);
    await fail(5, () => from('forgotten'), YEAR_SECONDS);
    await wait(from('forgotten'), 2);
    expect(await attempt(from('forgotten'), 2 + DAY_SECONDS - 1)).to.equal(0);
    await fail(5, () => from('forgotten'), 3 * DAY_SECONDS);
  });

  it('forgets failures that are more than a day old', async () => {
    const vex = from('vex', '192.0.2.1');
    await fail(5, () => vex);
    expect(await attempt(vex, DAY_SECONDS - 1)).to.equal(0);
    expect(await wait(vex, DAY_SECONDS - 1)).to.equal(2_000);
    await fail(5, () => vex, 2 * DAY_SECONDS);
  });

  it('counts nothing for an unknown address', async () => {
    await fail(30, (i) => from(`account ${i}`));
    expect(await wait(from('another'))).to.equal(0);
  });
});
