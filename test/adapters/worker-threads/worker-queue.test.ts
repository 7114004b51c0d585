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

const dyingOfCompactions = new URL(
  `data:text/javascript,${encodeURIComponent(`
    import { parentPort } from 'node:worker_threads';
    parentPort.on('message', ({ work }) => work.kind === 'compact' ? process.exit(3) : parentPort.postMessage({ done: { sizes: [] } }));
  `)}`,
);

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
    const queue = new WorkerQueue({ estimator: estimator.name, workerScript });
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

  it('compacts a small window where it is idle and has a processor of its own, and lets nothing wait for it', async () => {
    const queue = queueOf(charsDiv4);
    const compactor = new EmbeddedCompactor({ estimator: charsDiv4, queue, parallel: true });
    const [tiny, job] = [jobOf(1_900, charsDiv4), jobOf(8_000, charsDiv4)];
    const expected = untimed(compact(job, charsDiv4, () => 0));
    await compactor.compact(tiny);
    expect(queue.given).to.deep.equal([]);
    expect(untimed(await compactor.compact(job))).to.deep.equal(expected);
    expect(queue.given).to.deep.equal([{ kind: 'count', texts: [] }]);
    await queue.run({ kind: 'count', texts: ['loaded'] }, true);
    const both = await Promise.all([compactor.compact(job), compactor.compact(job)]);
    expect(both.map(untimed)).to.deep.equal([expected, expected]);
    expect(queue.given.slice(2)).to.deep.equal([{ kind: 'compact', job }]);
  });

  it('is not waited for where it died in a window that the process may compact', async () => {
    const queue = queueOf(charsDiv4, dyingOfCompactions);
    const compactor = new EmbeddedCompactor({ estimator: charsDiv4, queue, parallel: true });
    await queue.run({ kind: 'count', texts: [] }, true);
    const job = jobOf(8_000, charsDiv4);
    expect(queue.isIdle).to.equal(true);
    expect(untimed(await compactor.compact(job))).to.deep.equal(untimed(compact(job, charsDiv4, () => 0)));
    expect(queue.given).to.have.length(2);
    expect(queue.isIdle).to.equal(false);
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
      estimator: 'chars_div_4',
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
    await Promise.all([first, ...waiting]);
    expect(ended.slice(0, 3)).to.deep.equal(['under way', 'for a message', 'by hand 0']);
    expect(await queue.run({ kind: 'count', texts: [''] }, true)).to.deep.equal({ sizes: [0] });
  });

  it('fails what waits when it is closed', async () => {
    const queue = queueOf(charsDiv4);
    const works = [1, 2].map(() => failureOf(queue.run({ kind: 'count', texts: ['x'.repeat(1_000)] }, true)));
    await queue.close();
    for (const failure of await Promise.all(works)) expect(failure).to.be.instanceOf(Error);
  });

  it('refuses through the ports as well', async () => {
    const queue = queueOf(charsDiv4);
    const compactor = new EmbeddedCompactor({ estimator: charsDiv4, queue, parallel: false });
    const counts = Array.from({ length: 51 }, () => queue.run({ kind: 'count', texts: ['x'] }, true));
    expect(await refusalOf(compactor.compact(jobOf(70_000, charsDiv4)))).to.equal('compaction_busy');
    await Promise.all(counts);
  });
});
