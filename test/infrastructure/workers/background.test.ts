/** What runs behind the requests: no task waits for another, and what is left at the end is done in order. */
import { expect } from 'chai';
import { pino } from 'pino';
import { type SinonFakeTimers, useFakeTimers } from 'sinon';
import { Background, type BackgroundTask } from '#infrastructure/workers/background.ts';

const EVERY_MS = 500;

describe('background tasks', () => {
  let clock: SinonFakeTimers;
  let lines: string[];
  let ends: (readonly [task: string, outcome: string])[];
  beforeEach(() => {
    clock = useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    [lines, ends] = [[], []];
  });
  afterEach(() => clock.restore());

  function started(...tasks: readonly BackgroundTask[]): Background {
    const logger = pino({}, { write: (line) => lines.push(line) });
    const background = new Background({ tasks, logger, record: (...end) => ends.push(end) });
    background.start();
    return background;
  }

  /** Lets everything go on that waits for no timer. */
  const settle = () => new Promise(setImmediate);

  async function pass(ms: number): Promise<void> {
    await settle();
    clock.tick(ms);
    await settle();
  }

  /** Counts its runs; those that `fails` names reject. */
  function counting(name: string, fails: (run: number) => boolean = () => false) {
    const counted = { runs: 0 };
    const run = async () => {
      counted.runs += 1;
      if (fails(counted.runs)) throw new Error(`run ${counted.runs} of ${name}`);
    };
    return { task: { name, everyMs: EVERY_MS, run }, counted };
  }

  /** A task whose run, or whose end, goes on until it is let go. */
  function held(name: string, part: 'run' | 'finish', done: string[]) {
    const gate = Promise.withResolvers<void>();
    const work = async () => {
      done.push(`${name} begins`);
      await gate.promise;
      done.push(`${name} ends`);
    };
    const task: BackgroundTask = { name, everyMs: EVERY_MS, run: async () => {}, [part]: work };
    return { task, letGo: () => gate.resolve() };
  }

  const told = () => lines.map((line) => JSON.parse(line)).map(({ task, err }) => [task, err.message]);

  it('begin at once, and run again at their own intervals, counted from the end of a run', async () => {
    const [often, seldom] = [counting('often'), counting('seldom')];
    started({ ...often.task, everyMs: 100 }, { ...seldom.task, everyMs: 250 });
    await settle();
    expect([often.counted.runs, seldom.counted.runs]).to.deep.equal([1, 1]);
    for (let passed = 0; passed < 500; passed += 50) await pass(50);
    expect([often.counted.runs, seldom.counted.runs]).to.deep.equal([6, 3]);
  });

  it('run again while another one is still running', async () => {
    const long = held('long', 'run', []);
    const other = counting('other');
    started(long.task, other.task);
    for (let run = 1; run <= 3; run += 1) {
      await settle();
      expect(other.counted.runs).to.equal(run);
      await pass(EVERY_MS);
    }
  });

  it('are told of a failure each for itself, and once until they succeed again', async () => {
    const failing = (run: number) => run !== 3;
    const [one, other] = [counting('one', failing), counting('other', (run) => run === 2)];
    started(one.task, other.task);
    for (let run = 1; run < 5; run += 1) await pass(EVERY_MS);
    expect([one.counted.runs, other.counted.runs]).to.deep.equal([5, 5]);
    expect(told()).to.deep.equal([
      ['one', 'run 1 of one'],
      ['other', 'run 2 of other'],
      ['one', 'run 4 of one'],
    ]);
    const ofOne = ends.filter(([task]) => task === 'one').map(([, outcome]) => outcome);
    expect(ofOne, 'as metrics have them').to.deep.equal(['failed', 'failed', 'done', 'failed', 'failed']);
  });

  it('complete what is running when they end, and then finish one after the other, even if one fails', async () => {
    const done: string[] = [];
    const [running, first, second] = [
      held('running', 'run', done),
      held('first', 'finish', done),
      held('second', 'finish', done),
    ];
    const failing: BackgroundTask = {
      name: 'failing',
      everyMs: EVERY_MS,
      run: async () => {},
      finish: () => Promise.reject(new Error('no end of failing')),
    };
    const bare: BackgroundTask = { name: 'bare', everyMs: EVERY_MS, run: async () => {} };
    const closed = started(running.task, failing, bare, first.task, second.task).close();
    await settle();
    expect(done).to.deep.equal(['running begins']);
    running.letGo();
    await settle();
    expect(done.slice(1)).to.deep.equal(['running ends', 'first begins']);
    first.letGo();
    await settle();
    expect(done.slice(3)).to.deep.equal(['first ends', 'second begins']);
    second.letGo();
    await closed;
    expect(done.slice(5)).to.deep.equal(['second ends']);
    expect(told()).to.deep.equal([['failing', 'no end of failing']]);
  });

  it('are told to end early, and do not run again after they have ended', async () => {
    const signals: AbortSignal[] = [];
    const between = counting('between');
    const during: BackgroundTask = {
      name: 'during',
      everyMs: EVERY_MS,
      run: (closing) => {
        signals.push(closing);
        return new Promise((resolve) => closing.addEventListener('abort', resolve));
      },
    };
    const background = started(between.task, during);
    await settle();
    expect(clock.countTimers(), 'between has run, during has not').to.equal(1);
    await background.close();
    expect(clock.countTimers()).to.equal(0);
    await pass(10 * EVERY_MS);
    expect([between.counted.runs, signals.length]).to.deep.equal([1, 1]);
  });
});
