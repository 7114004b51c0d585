/** What fails inside: told to the log with its cause, to the client as nothing but a 500 and an id. */
import { expect } from 'chai';
import { z } from 'zod';
import { BASE_PATH } from '#adapters/http/declaration/base-path.ts';
import { jsonBody } from '#adapters/http/declaration/body.ts';
import { route } from '#adapters/http/declaration/route.ts';
import { health, type Readiness } from '#adapters/http/operations/health.ts';
import type { RequestRecord } from '#adapters/http/pipeline/request-context.ts';
import { type RunningServer, startServer } from '#infrastructure/http/server.ts';
import { bareApp } from '../../support/servers/bare-app.ts';
import { eventually } from '../../support/servers/sockets.ts';

const FAILURE = new Error('a secret of the store');

const failing = route({
  method: 'get',
  path: '/failing',
  tag: 'Test',
  summary: 'Fails.',
  access: 'public',
  returns: { 204: null },
  handle: () => Promise.reject(FAILURE),
});
const strict = route({
  method: 'post',
  path: '/strict',
  tag: 'Test',
  summary: 'Takes a few numbers.',
  access: 'public',
  body: jsonBody(z.strictObject({ numbers: z.array(z.int()).max(1_000) })),
  returns: { 204: null },
  handle: async () => ({ status: 204 }),
});

describe('HTTP: failures', function () {
  this.timeout(10_000);
  let server: RunningServer;
  let records: RequestRecord[];
  let asked: number;
  let ready: () => Promise<Readiness>;

  beforeEach(async () => {
    [records, asked] = [[], 0];
    const readiness = () => {
      asked += 1;
      return ready();
    };
    const changed = {
      record: (entry: RequestRecord) => records.push(entry),
      outside: { unlimited: [health(readiness)], guarded: [], limited: [] },
    };
    server = await startServer(bareApp([failing, strict], changed), '127.0.0.1', 0);
  });
  afterEach(() => server.stop());

  it('are a 500 `internal_error` without a word of the cause, which the log has', async () => {
    ready = () => Promise.reject(FAILURE);
    for (const [path, route] of [
      [`${BASE_PATH}/failing`, '/failing'],
      ['/health/ready', '/health/ready'],
    ] as const) {
      records.length = 0;
      const answer = await fetch(server.url + path);
      const text = await answer.text();
      expect(JSON.parse(text)).to.include({ status: 500, code: 'internal_error' });
      expect(text).not.to.contain('secret');
      await eventually(() => records.length > 0);
      expect(records, path).to.have.length(1);
      expect(records[0]).to.include({ status: 500, error: FAILURE, route });
      expect(records[0]?.requestId).to.equal(answer.headers.get('x-request-id'));
    }
  });

  it('are told to a browser that goes to a call as to anybody, where the call leads no browsers back', async () => {
    const answer = await fetch(`${server.url}${BASE_PATH}/failing`, {
      headers: { Accept: 'text/html,*/*' },
      redirect: 'manual',
    });
    expect([answer.status, answer.headers.get('content-type')]).to.deep.equal([
      500,
      'application/problem+json; charset=utf-8',
    ]);
  });

  it('of readiness are looked for once, however many ask at once, and again for who asks afterwards', async () => {
    const { promise, resolve } = Promise.withResolvers<Readiness>();
    ready = () => promise;
    const answers = Array.from({ length: 8 }, () => fetch(`${server.url}/health/ready`));
    await eventually(() => asked > 0);
    // The others have come too: they were sent before this one, and it is answered.
    await (await fetch(`${server.url}/health/live`)).text();
    resolve({ ready: true, checks: {} });
    for (const answer of await Promise.all(answers)) expect(answer.status).to.equal(200);
    const first = asked;
    expect(first).to.be.below(8);
    ready = async () => ({ ready: false, checks: { database: 'away' } });
    expect((await fetch(`${server.url}/health/ready`)).status).to.equal(503);
    expect(asked).to.equal(first + 1);
  });

  it('of input are at most 20 in one refusal (400), each cut short, whatever was sent', async () => {
    const post = async (body: unknown) => {
      const headers = { 'Content-Type': 'application/json' };
      const answer = await fetch(`${server.url}${BASE_PATH}/strict`, {
        method: 'POST',
        headers,
        body: JSON.stringify(body),
      });
      const text = await answer.text();
      return { text, body: JSON.parse(text) };
    };
    const many = await post({ numbers: Array(900).fill('x') });
    expect(many.body).to.include({ status: 400, code: 'invalid_input' });
    expect(many.body.errors).to.have.length(20);
    expect(many.body.errors[19].path).to.equal('body.numbers.19');
    const unknown = Object.fromEntries(Array.from({ length: 20_000 }, (_, n) => [`an-unknown-key-${n}`, 0]));
    const long = await post({ numbers: Array(100_000).fill(0), ...unknown, ['k'.repeat(100_000)]: 0 });
    expect(long.body).to.include({ status: 400, code: 'invalid_input' });
    expect(long.text.length).to.be.below(10_000);
  });
});
