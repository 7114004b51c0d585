/** What the embedded counters of failures promise beyond their contract: when they reach the file, and what is read. */
import { copyFileSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { restore, stub, useFakeTimers } from 'sinon';
import { EmbeddedSignInDelays } from '#adapters/embedded/sign-in-delays.ts';
import { SpeedFile } from '#adapters/embedded/speed-file.ts';
import { at } from '../../support/builders/records.ts';
import { temporaryFolder } from '../../support/servers/temporary-database.ts';

describe('the embedded sign-in delays', () => {
  let path: string;
  let file: SpeedFile;
  let delays: EmbeddedSignInDelays;
  const vex = { account: 'vex', address: '192.0.2.1' };

  beforeEach(() => {
    path = join(temporaryFolder(), 'speed.db');
    file = new SpeedFile({ path, synchronous: 'full' });
    delays = new EmbeddedSignInDelays({ file });
  });
  afterEach(() => {
    restore();
    file.close();
  });

  async function fail(times: number): Promise<void> {
    for (let n = 0; n < times; n += 1) await delays.attempt(vex, at(0));
  }
  function restarted(): EmbeddedSignInDelays {
    file.close();
    file = new SpeedFile({ path, synchronous: 'full' });
    return new EmbeddedSignInDelays({ file });
  }
  /** The wait that a process would know of that starts after this one was killed now. */
  async function waitAfterKill(): Promise<number> {
    const copy = join(temporaryFolder(), 'copy.db');
    for (const suffix of ['', '-wal']) if (existsSync(path + suffix)) copyFileSync(path + suffix, copy + suffix);
    const copied = new SpeedFile({ path: copy, synchronous: 'full' });
    const waitMs = await new EmbeddedSignInDelays({ file: copied }).waitMs(vex, at(0));
    copied.close();
    return waitMs;
  }

  it('are in the file within a second', async () => {
    const clock = useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    await fail(6);
    clock.tick(999);
    expect(await waitAfterKill()).to.equal(0);
    clock.tick(1);
    expect(await waitAfterKill()).to.equal(1_000);
  });

  it('are those of before after a restart, of the account and of the address', async () => {
    await fail(6);
    delays.flush();
    delays = restarted();
    expect(await delays.waitMs(vex, at(0))).to.equal(1_000);
    for (let n = 0; n < 15; n += 1) await delays.attempt({ account: `other ${n}`, address: vex.address }, at(0));
    expect(await delays.waitMs({ account: 'new', address: vex.address }, at(0))).to.equal(1_000);
  });

  it('are gone from the file once forgotten, and a day after the last failure', async () => {
    await fail(6);
    delays.flush();
    await delays.succeeded(['vex'], vex.address);
    delays.flush();
    expect(await restarted().waitMs(vex, at(0))).to.equal(0);
    delays = restarted();
    await fail(6);
    delays.flush();
    await delays.attempt({ account: 'grog', address: null }, at(86_401));
    delays.flush();
    delays = restarted();
    expect(await delays.waitMs(vex, at(0))).to.equal(0);
  });

  it('are written later where the file cannot be written now, and none is lost', async () => {
    const clock = useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const full = stub(file, 'together').throws(new Error('database or disk is full'));
    await fail(6);
    clock.tick(1_000);
    full.restore();
    clock.tick(1_000);
    expect(await waitAfterKill()).to.equal(1_000);
  });
});
