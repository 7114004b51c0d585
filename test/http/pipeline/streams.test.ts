/**
 * Answers that are written piece by piece, over real connections: how they end early, and that nobody takes a part for
 * all.
 */
import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { expect } from 'chai';
import { spy } from 'sinon';
import { z } from 'zod';
import { BASE_PATH } from '#adapters/http/declaration/base-path.ts';
import { type Route, route } from '#adapters/http/declaration/route.ts';
import { ndjson, ndjsonSchema, type StreamEnded } from '#adapters/http/declaration/stream.ts';
import type { RequestRecord } from '#adapters/http/pipeline/request-context.ts';
import { type RunningServer, startServer } from '#infrastructure/http/server.ts';
import { tokens } from '#infrastructure/wiring/tokens.ts';
import { anAuditEntry } from '../../support/builders/records.ts';
import { bareApp } from '../../support/servers/bare-app.ts';
import { startTestServer } from '../../support/servers/server.ts';
import { until } from '../../support/until.ts';

/** Shorter than the 9 s after which a stop cuts off what has not ended. */
const STOP_LIMIT_MS = 5_000;

/** Begins to read an answer, and takes no more than its head. */
async function begin(url: string, headers: Record<string, string> = {}): Promise<IncomingMessage> {
  const asked = request(url, { headers, agent: false }).end();
  const [response] = (await once(asked, 'response')) as [IncomingMessage];
  // A connection that breaks is what these tests look for.
  asked.on('error', () => undefined);
  return response;
}

/** All of the rest, and whether the answer came to its end. */
async function rest(response: IncomingMessage): Promise<{ text: string; whole: boolean }> {
  let text = '';
  response.setEncoding('utf8').on('data', (chunk) => {
    text += chunk;
  });
  await once(response, 'close').catch(() => undefined);
  return { text, whole: response.complete };
}

describe('HTTP: streams', () => {
  let server: RunningServer;
  let url: string;
  let read: number;
  let ended: PromiseWithResolvers<StreamEnded>;
  let records: RequestRecord[];
  let recorded: PromiseWithResolvers<void>;
  let numbers: (signal: AbortSignal) => AsyncIterable<readonly unknown[]>;

  /** A route whose pages are what `numbers` yields at the time. */
  function streaming(): Route {
    return route({
      method: 'get',
      path: '/numbers',
      tag: 'Test',
      summary: 'Numbers.',
      access: 'public',
      returns: { 200: ndjsonSchema(z.number()) },
      async handle() {
        const chunks = (signal: AbortSignal) => ndjson(numbers(signal), (n) => n).chunks(signal);
        return { status: 200, stream: { contentType: 'application/x-ndjson', chunks } };
      },
    });
  }

  /** A page at once, and then none for as long as somebody waits for more. */
  async function* onePage(signal: AbortSignal) {
    try {
      while (!signal.aborted) {
        read += 1;
        yield [read];
        await once(signal, 'abort');
      }
    } finally {
      ended.resolve(signal.reason);
    }
  }

  beforeEach(async () => {
    read = 0;
    ended = Promise.withResolvers();
    records = [];
    recorded = Promise.withResolvers();
    const record = (entry: RequestRecord) => {
      records.push(entry);
      recorded.resolve();
    };
    server = await startServer(bareApp([streaming()], { record }), '127.0.0.1', 0);
    url = `${server.url}${BASE_PATH}/numbers`;
  });
  afterEach(() => server.stop());

  it('come whole, with the headers of every answer and no length', async () => {
    numbers = async function* () {
      yield* [[1, 2], [3]];
    };
    const response = await begin(url);
    expect(response.headers).to.include({
      'content-type': 'application/x-ndjson',
      'transfer-encoding': 'chunked',
      'cache-control': 'no-store',
    });
    expect(await rest(response)).to.deep.equal({ text: '1\n2\n3\n', whole: true });
    await recorded.promise;
    expect(records[0]).to.include({ route: '/numbers', status: 200 }).and.not.to.have.property('error');
  });

  it('end when the client leaves: no further page is read, and the log knows of no failure', async () => {
    numbers = onePage;
    const response = await begin(url);
    await once(response, 'readable');
    response.destroy();
    expect(await ended.promise).to.include({ name: 'StreamEnded', end: 'client_gone' });
    await recorded.promise;
    expect(read).to.equal(1);
    expect(records[0]).not.to.have.property('error');
  });

  it('break when the server stops, and the stop does not wait for them', async function () {
    this.timeout(STOP_LIMIT_MS);
    numbers = onePage;
    const response = await begin(url);
    const received = rest(response);
    await once(response, 'data');
    await server.stop();
    expect(await received).to.deep.equal({ text: '1\n', whole: false });
    expect(await ended.promise).to.include({ name: 'StreamEnded', end: 'closing' });
    await recorded.promise;
    expect(read).to.equal(1);
  });

  it('break where a page cannot be read, and the log is told what for', async () => {
    const [failure, seen] = [new Error('the store is away'), Promise.withResolvers<void>()];
    numbers = async function* () {
      yield [1];
      await seen.promise;
      throw failure;
    };
    const response = await begin(url);
    response.once('data', () => seen.resolve());
    expect(await rest(response)).to.deep.equal({ text: '1\n', whole: false });
    await recorded.promise;
    expect(records[0]).to.include({ status: 200, error: failure });
  });

  it('break, in tests, at a line that the route does not declare', async () => {
    const seen = Promise.withResolvers<void>();
    numbers = async function* () {
      yield [1];
      await seen.promise;
      yield ['two'];
    };
    const response = await begin(url);
    response.once('data', () => seen.resolve());
    expect(await rest(response)).to.deep.equal({ text: '1\n', whole: false });
    await recorded.promise;
    expect(records[0]?.error).to.be.instanceOf(z.ZodError);
  });
});

describe('HTTP: the export of the audit', () => {
  /** More than a page, each entry so large that a page is more than a connection takes unread. */
  const ENTRIES = 250;
  const FACTS = { text: 'x'.repeat(60_000) };

  it('reads no page of the log ahead of a client, none for one that has left, and none once the server stops', async function () {
    this.timeout(STOP_LIMIT_MS * 3);
    const server = await startTestServer();
    try {
      const admin = await server.admin();
      const { container } = server.application;
      const entries = Array.from({ length: ENTRIES }, () => anAuditEntry({ after: FACTS }));
      await container.get(tokens.unitOfWork).run(async ({ audit }) => {
        for (const entry of entries) await audit.add(entry);
      });
      const list = spy(container.get(tokens.reads).audit, 'list');
      const url = `${server.url}${BASE_PATH}/admin/audit/export`;
      const exported = () => server.logs.filter((line) => line.includes('/admin/audit/export')).length;
      const left = await begin(url, { Cookie: admin.cookie ?? '' });
      await once(left, 'readable');
      left.destroy();
      await until(() => exported() > 0, 'the export is over');
      expect(list.callCount).to.equal(1);
      const cut = await begin(url, { Cookie: admin.cookie ?? '' });
      await once(cut, 'readable');
      const stopped = server.close();
      expect(await rest(cut)).to.include({ whole: false });
      await stopped;
      expect(list.callCount).to.equal(2);
    } finally {
      await server.close();
    }
  });
});
