/** The worker that searches: how many may wait for it, and for how long. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect } from 'chai';
import sinon from 'sinon';
import { WorkerSearch } from '#adapters/worker-threads/search-worker.ts';
import type { SearchRequest } from '#application/conversations/search/transcript-search.ts';
import { newId } from '../../support/builders/records.ts';
import { failureOf, refusalOf } from '../../support/reporting/refusals.ts';
import { temporaryFolder } from '../../support/servers/temporary-database.ts';

const where = { threadId: newId('thread') };
const request: SearchRequest = { userId: newId('user'), query: [], where, scope: 'all', limit: 1 };
const page = { items: [], next: null, mode: 'all', messages: 3, searched: 3 };

describe('WorkerSearch', () => {
  let search: WorkerSearch;
  /** How busy the event loop is. */
  let load: number;
  beforeEach(() => {
    load = 0;
  });
  afterEach(async () => {
    sinon.restore();
    await search.close();
  });

  /** On a worker that does this with each message. */
  function searchOn(script: string): WorkerSearch {
    const file = join(temporaryFolder(), 'worker.mjs');
    writeFileSync(
      file,
      `import { parentPort } from 'node:worker_threads'; parentPort.on('message', (asked) => { ${script} });`,
    );
    search = new WorkerSearch({ workerScript: pathToFileURL(file), workerData: null, load: { share: () => load } });
    return search;
  }

  const answering = (answer: string) => `parentPort.postMessage({ id: asked.id, ${answer} })`;

  it('hands on what the worker answers, and the refusals that it throws', async () => {
    expect(await searchOn(answering(`done: { page: ${JSON.stringify(page)} }`)).search(request)).to.deep.equal(page);
    await search.close();
    const refused = { kind: 'unavailable', code: 'store_unavailable', message: 'Away.', details: {} };
    expect(await refusalOf(searchOn(answering(`refused: ${JSON.stringify(refused)}`)).search(request))).to.equal(
      'store_unavailable',
    );
  });

  it('refuses with 503 `search_busy` what would wait behind twenty', async () => {
    searchOn('');
    const waiting = Array.from({ length: 20 }, () => failureOf(search.search(request)));
    expect(search.searching).to.equal(20);
    expect(await refusalOf(search.search(request))).to.equal('search_busy');
    await search.close();
    await Promise.all(waiting);
    expect(search.searching).to.equal(0);
  });

  it('gives up with 503 `search_timeout` after three seconds, and goes on with a new worker', async () => {
    const clock = sinon.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    searchOn(`if (asked.id !== 2) ${answering(`done: { page: ${JSON.stringify(page)} }`)}`);
    await search.search(request);
    const refused = refusalOf(search.search(request));
    await clock.tickAsync(3_000);
    expect(await refused).to.equal('search_timeout');
    expect(await search.search(request)).to.deep.equal(page);
  });

  it('gives whoever waits for the worker to start ten seconds', async () => {
    const clock = sinon.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    searchOn('');
    const refused = refusalOf(search.search(request));
    await clock.tickAsync(9_999);
    expect(search.searching).to.equal(1);
    await clock.tickAsync(1);
    expect(await refused).to.equal('search_timeout');
  });

  it('hands on the passages that are found, by the same worker', async () => {
    const found = { passages: [], words: [{ base: 'prone', isName: false, weight: 1, isKnown: true }] };
    searchOn(answering(`done: asked.work.kind === 'find' ? { found: ${JSON.stringify(found)} } : {}`));
    const reader = {
      userId: request.userId,
      workspaces: [],
      changesIn: [],
      gameId: null,
      everyMemberOf: null,
      now: new Date(),
    };
    expect(await search.find({ question: 'prone', reader, sourceIds: null, limit: 8 })).to.deep.equal(found);
    expect(await failureOf(search.search(request))).to.be.instanceOf(Error);
  });

  it('rejects what waits for a worker that dies, and goes on with a new one', async () => {
    searchOn(`if (asked.id === 1) throw new Error('dead'); ${answering(`done: { page: ${JSON.stringify(page)} }`)}`);
    expect(await failureOf(search.search(request))).to.be.instanceOf(Error);
    expect(await search.search(request)).to.deep.equal(page);
  });

  it('starts no worker for the index in the first seconds of a server, and then keeps it until it is done', async () => {
    const clock = sinon.useFakeTimers({ toFake: ['performance'] });
    searchOn(answering('done: { behind: 4 - asked.id, hasMore: asked.id < 4 }'));
    const closing = new AbortController();
    await search.keepIndex(closing.signal);
    expect(search.behind).to.equal(null);
    clock.tick(5_000);
    await search.keepIndex(closing.signal);
    expect(search.behind).to.equal(0);
  });

  it('keeps the index no longer than until the server closes', async () => {
    const clock = sinon.useFakeTimers({ toFake: ['performance'] });
    searchOn(answering('done: { behind: 9, hasMore: true }'));
    clock.tick(5_000);
    const closing = new AbortController();
    const kept = search.keepIndex(closing.signal);
    closing.abort();
    await kept;
    expect(search.behind).to.equal(9);
  });

  it('lets the index wait while the event loop is busy, but for no longer than two seconds', async () => {
    const clock = sinon.useFakeTimers({ toFake: ['performance'] });
    searchOn(answering('done: { behind: 9 - asked.id, hasMore: true }'));
    clock.tick(5_000);
    const { signal } = new AbortController();
    load = 0.8;
    await search.keepIndex(signal);
    expect(search.behind).to.equal(8);
    clock.tick(1_999);
    await search.keepIndex(signal);
    expect(search.behind).to.equal(8);
    clock.tick(1);
    await search.keepIndex(signal);
    expect(search.behind).to.equal(7);
  });
});
