/** What runs behind the requests: no task waits for another, and what is left at the end is done in order. */
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import { pino } from 'pino';
import { useFakeTimers } from 'sinon';
import { Background, type BackgroundTask } from '#infrastructure/workers/background.ts';

/** Longest time until the next run of a task: what the audit promises for its seal. */
const WITHIN_MS = 1_000;
const EVERY_MS = 500;

describe('background tasks', () => {
  let lines: string[];
  let background: Background | undefined;
  beforeEach(() => {
    lines = [];
  });
  afterEach(() => background?.close());

  function started(...tasks: readonly BackgroundTask[]): Background {
    background = new Background({ tasks, logger: pino({}, { write: (line) => lines.push(line) }) });
    background.start();
    return background;
  }

  /** Counts its rounds; `again` resolves with the next one, and fails where that comes too late. */
  function counting(name: string, fails: (round: number) => boolean = () => false) {
    const counted = { rounds: 0, next: Promise.withResolvers<void>() };
    const run = async () => {
      counted.rounds += 1;
      counted.next.resolve();
      counted.next = Promise.withResolvers<void>();
      if (fails(counted.rounds)) throw new Error(`round ${counted.rounds} of ${name}`);
    };
    const again = async () => {
      const late = sleep(WITHIN_MS, 'late' as const, { ref: false });
      expect(await Promise.race([counted.next.promise, late]), `no round of ${name} in time`).to.equal(undefined);
    };
    return { task: { name, everyMs: EVERY_MS, run }, counted, again };
  }

  it('run again within a second, even while another one is still running', async () => {
    const long: BackgroundTask = {
      name: 'long',
      everyMs: EVERY_MS,
      run: (closing) => new Promise((resolve) => closing.addEventListener('abort', resolve)),
    };
    const other = counting('other');
    started(long, other.task);
    for (let round = 0; round < 3; round += 1) await other.again();
  });

  it('run at their own intervals, counted from the end of a run', async () => {
    const clock = useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    try {
      const [often, seldom] = [counting('often'), counting('seldom')];
      const ended = started({ ...often.task, everyMs: 100 }, { ...seldom.task, everyMs: 250 });
      const settle = () => new Promise(setImmediate);
      await settle();
      for (let passed = 0; passed < 500; passed += 50) {
        clock.tick(50);
        await settle();
      }
      expect([often.counted.rounds, seldom.counted.rounds]).to.deep.equal([6, 3]);
      await ended.close();
    } finally {
      clock.restore();
    }
  });

  it('are told of a failure each for itself', async () => {
    const [one, other] = [counting('one', () => true), counting('other', () => true)];
    started(one.task, other.task);
    for (let round = 0; round < 2; round += 1) await Promise.all([one.again(), other.again()]);
    expect(lines.map((line) => JSON.parse(line).task).toSorted()).to.deep.equal(['one', 'other']);
  });

  it('are retried after failures, of which only the first in a row is logged', async () => {
    const { task, again } = counting('shaky', (round) => round <= 2);
    started(task);
    for (let round = 0; round < 3; round += 1) await again();
    expect(lines.map((line) => JSON.parse(line)).map(({ task, err }) => [task, err.message])).to.deep.equal([
      ['shaky', 'round 1 of shaky'],
    ]);
  });

  it('complete what is running when they end, then finish in order even if one of them fails', async () => {
    const done: string[] = [];
    const underWay = Promise.withResolvers<void>();
    const task = (name: string, run: BackgroundTask['run'] = async () => {}): BackgroundTask => ({
      name,
      everyMs: EVERY_MS,
      run,
      finish: async () => {
        done.push(`${name} is finished`);
        if (name === 'first') throw new Error('first');
      },
    });
    const slow = async () => {
      await underWay.promise;
      await sleep(1);
      done.push('slow has run');
    };
    const closed = started(task('first'), task('slow', slow), {
      name: 'bare',
      everyMs: EVERY_MS,
      run: async () => {},
    }).close();
    underWay.resolve();
    await closed;
    expect(done).to.deep.equal(['slow has run', 'first is finished', 'slow is finished']);
    background = undefined;
  });

  it('do not run again after they have ended', async () => {
    const clock = useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    try {
      const { task, counted } = counting('ended');
      const ended = started(task);
      while (clock.countTimers() === 0) await new Promise(setImmediate);
      await ended.close();
      expect([clock.countTimers(), counted.rounds]).to.deep.equal([0, 1]);
    } finally {
      clock.restore();
    }
  });
});
