/** What would hold the event loop is done in a worker thread: the same result, in turn, and again after it died. */
import { expect } from 'chai';
import { loadEstimator } from '#adapters/language-model/token-estimators.ts';
import { EmbeddedCompactor } from '#adapters/worker-threads/compactor.ts';
import { EmbeddedTextCounter } from '#adapters/worker-threads/text-counter.ts';
import { type Work, WorkerQueue } from '#adapters/worker-threads/worker-queue.ts';
import { type CompactionJob, compact } from '#domain/conversations/compaction/chain.ts';
import { goalForAppend } from '#domain/conversations/compaction/compaction-plan.ts';
import { charsDiv4, type Estimator } from '#domain/conversations/usage.ts';
import { policyOf, said } from '../../support/builders/appending.ts';
import type { Line } from '../../support/builders/transcripts.ts';
import { windowFrom } from '../../support/builders/windows.ts';
import { failureOf, refusalOf } from '../../support/reporting/refusals.ts';

const script = new URL('../../../src/infrastructure/workers/compaction-worker.ts', import.meta.url);
/** Each message ends the worker before it answers. */
const dying = new URL(
  'data:text/javascript,import{parentPort}from"node:worker_threads";parentPort.on("message",()=>process.exit(3))',
);

/** A worker that answers each message with what an expression says of its `work`; nothing where it is undefined. */
function answering(expression: string): URL {
  const script = `
    import { parentPort } from 'node:worker_threads';
    parentPort.on('message', ({ work }) => { const done = ${expression}; if (done) parentPort.postMessage({ done }); });
  `;
  return new URL(`data:text/javascript,${encodeURIComponent(script)}`);
}
const dyingOfCompactions = answering("work.kind === 'compact' ? process.exit(3) : { sizes: [] }");
/** Says of each compaction that it was done in the worker. */
const telling = answering("work.kind === 'compact' ? { compacted: 'in the worker' } : { sizes: [] }");
/** Never ends a work, but for one without texts. */
const busy = answering('work.texts?.length === 0 ? { sizes: [] } : undefined');

/** The compaction of a window of as many tokens, by up to thirty more. */
function jobOf(tokens: number, estimator: Estimator, appending = true): CompactionJob {
  const policy = policyOf({ maxTokens: tokens, maxEntries: 1_000_000 });
  const lines: Line[] = [];
  for (let size = 0; estimator.tokens(size) < tokens; size += estimator.size(lines.at(-1)!.content))
    lines.push(said(`In room ${lines.length} Brakka finds ${lines.length * 3} coins and a letter from Duke Ilmar.`));
  return { window: windowFrom(lines, [], estimator), policy, goal: goalForAppend(policy, estimator), appending };
}

const untimed = (compacted: ReturnType<typeof compact>) => ({
  ...compacted,
  steps: compacted.steps.map((step) => ({ ...step, ms: 0 })),
});

describe('The worker', function () {
  this.timeout(20_000);
  let queues: WorkerQueue[];

  beforeEach(() => {
    queues = [];
  });
  afterEach(() => Promise.all(queues.map((queue) => queue.close())));

  /** A queue, and the order in which it was given works. */
  function queueOf(estimator: Estimator, workerScript = script): WorkerQueue & { given: Work[] } {
    const given: Work[] = [];
    const queue = new WorkerQueue({ estimator, workerScript });
    const run = queue.run.bind(queue);
    queue.run = (work, urgent) => {
      given.push(work);
      return run(work, urgent);
    };
    queues.push(queue);
    return Object.assign(queue, { given });
  }

  for (const [name, large, small] of [
    ['chars_div_4', 64_001, 63_900],
    ['o200k_base', 4_001, 3_900],
  ] as const) {
    it(`compacts a large window to the same bytes as the process does, by ${name}, and a small one not at all`, async () => {
      const estimator = await loadEstimator(name);
      const queue = queueOf(estimator);
      const compactor = new EmbeddedCompactor({ estimator, queue, parallel: false });
      const job = jobOf(large, estimator);
      const compacted = await compactor.compact(job);
      expect(untimed(compacted)).to.deep.equal(untimed(compact(job, estimator, () => 0)));
      expect(compacted.steps.length).to.be.greaterThan(0);
      expect(queue.given).to.have.length(1);
      await compactor.compact(jobOf(small, estimator));
      expect(queue.given).to.have.length(1);
    });
  }

  describe('and a small window', () => {
    const tiny = jobOf(1_900, charsDiv4);
    const job = jobOf(8_000, charsDiv4);
    const expected = untimed(compact(job, charsDiv4, () => 0));
    const nothing: Work = { kind: 'count', texts: [] };

    function compactorOf(workerScript: URL, parallel = true) {
      const queue = queueOf(charsDiv4, workerScript);
      const compactor = new EmbeddedCompactor({ estimator: charsDiv4, queue, parallel });
      /** Where each compaction was done, once its result is known to be right. */
      const placeOf = async (one: CompactionJob) => {
        const compacted: unknown = await compactor.compact(one);
        if (compacted === 'in the worker') return compacted;
        expect(untimed(compacted as ReturnType<typeof compact>)).to.deep.equal(
          untimed(compact(one, charsDiv4, () => 0)),
        );
        return 'on the event loop';
      };
      return { queue, placeOf };
    }

    it('compacts it to the same bytes', async () => {
      const queue = queueOf(charsDiv4);
      await queue.run(nothing, true);
      const compactor = new EmbeddedCompactor({ estimator: charsDiv4, queue, parallel: true });
      const all = await Promise.all(Array.from({ length: 5 }, () => compactor.compact(job)));
      for (const compacted of all) expect(untimed(compacted)).to.deep.equal(expected);
    });

    it('lets nothing wait until it is loaded', async () => {
      const { queue, placeOf } = compactorOf(telling);
      expect(await placeOf(job)).to.equal('on the event loop');
      await queue.run(nothing, true);
      expect(await placeOf(job)).to.equal('in the worker');
    });

    it('leaves to the event loop what is tiny, and everything without a processor of its own', async () => {
      const [shared, alone] = [compactorOf(telling), compactorOf(telling, false)];
      for (const { queue } of [shared, alone]) await queue.run(nothing, true);
      expect(await shared.placeOf(tiny)).to.equal('on the event loop');
      expect(await alone.placeOf(job)).to.equal('on the event loop');
    });

    it('shares many with the event loop, and keeps two to itself', async () => {
      const { queue, placeOf } = compactorOf(telling);
      await queue.run(nothing, true);
      expect(await Promise.all([placeOf(job), placeOf(job)])).to.deep.equal(['in the worker', 'in the worker']);
      const places = await Promise.all(Array.from({ length: 12 }, () => placeOf(job)));
      expect(places).to.include.members(['in the worker', 'on the event loop']);
    });

    it('lets none wait for a long work, and requests be answered between two', async () => {
      const { queue, placeOf } = compactorOf(busy);
      await queue.run(nothing, true);
      queue.run({ kind: 'count', texts: ['long'] }, false).catch(() => {});
      const events: string[] = [];
      let isDone = false;
      const turn = () => {
        if (events.at(-1) !== 'turn') events.push('turn');
        if (!isDone) setImmediate(turn);
      };
      setImmediate(turn);
      await Promise.all([1, 2, 3].map(() => placeOf(job).then((place) => events.push(place))));
      isDone = true;
      const between = ['turn', 'on the event loop'];
      expect(events.slice(0, 6)).to.deep.equal([...between, ...between, ...between]);
    });

    it('is done on the event loop where the worker died of it', async () => {
      const { queue, placeOf } = compactorOf(dyingOfCompactions);
      await queue.run(nothing, true);
      expect(await placeOf(job)).to.equal('on the event loop');
    });
  });

  it('counts a long text as the process does, and a short one not at all', async () => {
    const estimator = await loadEstimator('o200k_base');
    const queue = queueOf(estimator);
    const counter = new EmbeddedTextCounter({ estimator, queue });
    const texts = ['龍'.repeat(5_000), 'The goblin waits. '.repeat(900), ''];
    expect(await counter.sizesOf(texts)).to.deep.equal(texts.map(estimator.size));
    expect(queue.given).to.have.length(1);
    expect(await counter.sizesOf(['x'.repeat(2_048)])).to.deep.equal([estimator.size('x'.repeat(2_048))]);
    expect(queue.given).to.have.length(1);
  });

  it('fails the compaction that it dies in, and is started anew for the next', async () => {
    const scripts = [dying, script];
    const queue = new WorkerQueue({
      estimator: charsDiv4,
      get workerScript() {
        return scripts.shift()!;
      },
    });
    queues.push(queue);
    const compactor = new EmbeddedCompactor({ estimator: charsDiv4, queue, parallel: false });
    const job = jobOf(70_000, charsDiv4);
    const [died, next] = await Promise.allSettled([compactor.compact(job), compactor.compact(job)]);
    expect(died).to.have.property('reason').with.property('message', 'The worker ended.');
    expect(next).to.have.property('status', 'fulfilled');
    expect(scripts).to.deep.equal([]);
  });

  it('passes on what a work throws, and goes on with the next', async () => {
    const queue = queueOf(charsDiv4);
    const broken = { kind: 'count', texts: null } as unknown as Work;
    const [failed, counted] = await Promise.allSettled([
      queue.run(broken, true),
      queue.run({ kind: 'count', texts: ['four'] }, true),
    ]);
    expect(failed.status).to.equal('rejected');
    expect(counted).to.deep.equal({ status: 'fulfilled', value: { sizes: [4] } });
  });

  it('does what messages wait for before compactions by hand, and bounds how many wait', async () => {
    const queue = queueOf(charsDiv4);
    const ended: string[] = [];
    const run = (name: string, urgent: boolean) =>
      queue.run({ kind: 'count', texts: [name] }, urgent).then(() => ended.push(name));
    const first = run('under way', false);
    const waiting = [...Array.from({ length: 49 }, (_, i) => run(`by hand ${i}`, false)), run('for a message', true)];
    expect(() => queue.run({ kind: 'count', texts: [] }, true))
      .to.throw()
      .with.property('code', 'compaction_busy');
    expect(queue.length, 'with the one under way').to.equal(51);
    await Promise.all([first, ...waiting]);
    expect(queue.length).to.equal(0);
    expect(ended.slice(0, 3)).to.deep.equal(['under way', 'for a message', 'by hand 0']);
    expect(await queue.run({ kind: 'count', texts: [''] }, true)).to.deep.equal({ sizes: [0] });
  });

  it('fails what waits when it is closed', async () => {
    const queue = queueOf(charsDiv4);
    const works = [1, 2].map(() => failureOf(queue.run({ kind: 'count', texts: ['x'.repeat(1_000)] }, true)));
    await queue.close();
    for (const failure of await Promise.all(works)) expect(failure).to.be.instanceOf(Error);
  });

  it('has ended when it is closed, and the work in progress has failed', async () => {
    const queue = queueOf(charsDiv4, busy);
    await queue.run({ kind: 'count', texts: [] }, true);
    let failed: unknown;
    queue.run({ kind: 'count', texts: ['long'] }, true).catch((error) => {
      failed = error;
    });
    await queue.close();
    expect(failed).to.be.an('error').with.property('message', 'The worker ended.');
  });

  it('refuses through the ports as well', async () => {
    const queue = queueOf(charsDiv4);
    const compactor = new EmbeddedCompactor({ estimator: charsDiv4, queue, parallel: false });
    const counts = Array.from({ length: 51 }, () => queue.run({ kind: 'count', texts: ['x'] }, true));
    expect(await refusalOf(compactor.compact(jobOf(70_000, charsDiv4)))).to.equal('compaction_busy');
    await Promise.all(counts);
  });
});
