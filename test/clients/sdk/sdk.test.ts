/** The SDK on real servers, and on one that fails in a way of the test's own. */

import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect } from 'chai';
import { Tavernkeep, TavernkeepError } from '../../../clients/sdk/sdk.ts';
import { generatedSdk } from '../../../ops/sdk-types.ts';
import { ROOT } from '../../support/project.ts';
import { ADMIN, startTestServer, type TestServer } from '../../support/servers/server.ts';
import { temporaryFolder } from '../../support/servers/temporary-database.ts';

const MAX_COMPRESSED_BYTES = 8_000;

/** What a call is refused with. */
async function refusalOf(call: Promise<unknown>): Promise<TavernkeepError> {
  const error = await call.then(
    () => new Error('It was not refused.'),
    (thrown: unknown) => thrown,
  );
  if (!TavernkeepError.is(error)) throw error;
  return error;
}

describe('SDK', () => {
  describe('on a server', () => {
    let server: TestServer;
    let tavern: Tavernkeep;
    let thread: string;
    before(async () => {
      server = await startTestServer();
      tavern = new Tavernkeep({ url: server.url });
      await tavern.post('/auth/login', { body: { login: ADMIN.login, password: ADMIN.password } });
    });
    after(() => server.close());
    beforeEach(async () => {
      thread = (await tavern.post('/chat', { body: { title: 'Session' } })).id;
    });

    const say = (content: string) => tavern.post('/chat/{thread}', { path: { thread }, body: { content } });

    it('makes calls by the session of a sign-in, and by a token', async () => {
      const { token } = await tavern.post('/auth/tokens', { body: { name: 'bot', scopes: ['chat.use'] } });
      const byToken = new Tavernkeep({ url: server.url, token });
      expect((await byToken.get('/auth/me')).user.id).to.equal((await tavern.get('/auth/me')).user.id);
      expect(await refusalOf(new Tavernkeep({ url: server.url }).get('/auth/me'))).to.include({
        status: 401,
        code: 'unauthenticated',
      });
    });

    it('answers nothing where a call has no body, and the tag by which things are changed', async () => {
      const { id } = await tavern.post('/sources', { body: { title: 'Bestiary', included: false } });
      const { data, etag, status } = await tavern.call('get', '/sources/{id}', { path: { id } });
      expect([status, data.title, typeof etag]).to.deep.equal([200, 'Bestiary', 'string']);
      const change = { path: { id }, body: { title: 'Monsters' }, ifMatch: etag! };
      expect((await tavern.patch('/sources/{id}', change)).title).to.equal('Monsters');
      expect((await refusalOf(tavern.patch('/sources/{id}', change))).code).to.equal('stale');
      expect(await tavern.delete('/sources/{id}', { path: { id } })).to.equal(undefined);
    });

    it('gives everything in a list, page by page', async () => {
      for (let n = 1; n <= 7; n += 1) await say(`Message ${n}`);
      const seqs: number[] = [];
      const query = { limit: 3, after: 0 } as const;
      for await (const { seq } of tavern.items('/chat/{thread}/messages', { path: { thread }, query })) seqs.push(seq);
      expect(seqs).to.deep.equal([1, 2, 3, 4, 5, 6, 7]);
    });

    it('says what is wrong with input, by field, and with whom to ask about it', async () => {
      const error = await refusalOf(say(''));
      expect(error).to.include({ status: 400, code: 'invalid_input' });
      expect(error.problem.errors?.map(({ path }) => path)).to.deep.equal(['body.content']);
      expect(error.requestId).to.be.a('string');
    });

    it('follows a conversation until it is told to stop', async () => {
      const leaving = new AbortController();
      const told: string[] = [];
      const options = { path: { thread }, signal: leaving.signal };
      for await (const happened of tavern.events('/chat/{thread}/live', options)) {
        told.push(happened.event);
        if (told.length === 1) await say('The door opens.');
        if (happened.event === 'message') {
          expect(happened.data.content).to.equal('The door opens.');
          leaving.abort();
        }
      }
      expect(told).to.deep.equal(['usage', 'message']);
    });

    it('throws where a stream may not be read, and reads none that its caller has given up', async () => {
      const stranger = new Tavernkeep({ url: server.url });
      const first = stranger.events('/chat/{thread}/live', { path: { thread } }).next();
      expect((await refusalOf(first)).code).to.equal('unauthenticated');
      const signal = AbortSignal.abort();
      expect(await tavern.events('/chat/{thread}/live', { path: { thread }, signal }).next()).to.include({
        done: true,
      });
    });

    it('uploads a file and tells how much of it has gone, and downloads it', async () => {
      const { id } = await tavern.post('/sources', { body: { title: 'House rules', included: true } });
      const text = `# Prone\n\n${'A prone creature crawls. '.repeat(20_000)}\n`;
      const progress: (readonly [number, number])[] = [];
      const { document } = await tavern.upload('/sources/{id}/documents', {
        path: { id },
        query: { title: 'Prone' },
        file: new Blob([text]),
        onProgress: (...sent) => progress.push(sent),
      });
      expect(progress.at(-1)).to.deep.equal([text.length, text.length]);
      expect(progress.map(([sent]) => sent)).to.deep.equal(progress.map(([sent]) => sent).toSorted((a, b) => a - b));
      const file = await tavern.download('/documents/{id}/file', { path: { id: document!.id } });
      expect(await file.text()).to.equal(text);
    });
  });

  describe('where things go wrong', () => {
    type Handler = (request: IncomingMessage, response: ServerResponse) => void;
    let server: Server;
    let tavern: Tavernkeep;
    let handlers: Handler[];
    let asked: IncomingMessage[];
    beforeEach(async () => {
      handlers = [];
      asked = [];
      server = createServer((request, response) => {
        asked.push(request);
        request.resume().on('end', () => handlers.shift()!(request, response));
      });
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      tavern = new Tavernkeep({ url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, retries: 2 });
    });
    afterEach(() => {
      server.closeAllConnections();
      server.close();
    });

    const json =
      (status: number, body: unknown, headers = {}): Handler =>
      (_, response) => {
        response.writeHead(status, { 'Content-Type': 'application/json', ...headers }).end(JSON.stringify(body));
      };
    const cut: Handler = (request) => request.socket.destroy();
    const refused = (status: number, code: string, headers = {}) =>
      json(status, { status, code, title: code }, headers);
    const keys = () => asked.map(({ headers }) => headers['idempotency-key']);
    const append = () => tavern.post('/chat/{thread}', { path: { thread: 'thr_1' }, body: { content: 'Hello' } });

    it('sends an append again by the same key where the connection was lost, and another by another', async () => {
      handlers = [cut, json(201, { message: { seq: 1 } }), json(201, { message: { seq: 2 } })];
      expect((await append()).message.seq).to.equal(1);
      await append();
      expect(keys()[0]).to.be.a('string').and.equal(keys()[1]);
      expect(keys()[2]).to.be.a('string').and.not.equal(keys()[0]);
    });

    it('sends a change again only where the server says that nothing was done', async () => {
      const change = () => tavern.patch('/auth/me', { body: { display_name: 'Vex' } });
      handlers = [refused(503, 'store_unavailable'), json(200, {})];
      await change();
      handlers = [cut];
      expect((await refusalOf(change())).code).to.equal('unreachable');
      handlers = [refused(503, 'outcome_unknown')];
      expect((await refusalOf(change())).code).to.equal('outcome_unknown');
      expect(asked).to.have.length(4);
    });

    it('gives up after as many retries as it may make, and at once where it would have to wait for long', async () => {
      handlers = Array.from({ length: 3 }, () => refused(429, 'rate_limited'));
      expect((await refusalOf(tavern.get('/chat'))).code).to.equal('rate_limited');
      handlers = [refused(429, 'rate_limited', { 'Retry-After': '3600' })];
      expect(await refusalOf(tavern.get('/chat'))).to.include({ code: 'rate_limited', retryAfterMs: 3_600_000 });
      expect(asked).to.have.length(4);
    });

    it('tells what answers in HTML from a Tavernkeep, and does not wait for a server without end', async () => {
      handlers = Array.from({ length: 3 }, () => (_: unknown, response: ServerResponse) => response.end('<html>'));
      expect((await refusalOf(tavern.get('/chat'))).message).to.match(
        /is no Tavernkeep: it answered 200, and not in JSON\./,
      );
      const hasty = new Tavernkeep({
        url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
        timeoutMs: 50,
        retries: 0,
      });
      handlers = [() => {}];
      expect((await refusalOf(hasty.get('/chat'))).code).to.equal('timed_out');
    });

    it('ends a call with the reason of its signal, also while it waits to try again', async () => {
      const leaving = new AbortController();
      handlers = [
        (request, response) => {
          refused(503, 'store_unavailable', { 'Retry-After': '20' })(request, response);
          response.on('close', () => leaving.abort(new Error('The page was left.')));
        },
      ];
      const call = tavern.get('/chat', { signal: leaving.signal });
      expect(await call.catch((error: Error) => error.message)).to.equal('The page was left.');
    });

    it('goes on after the last event where a stream breaks, as often as it breaks', async () => {
      const events =
        (...lines: string[]): Handler =>
        (request, response) => {
          response.writeHead(200, { 'Content-Type': 'text/event-stream' }).write(`retry: 1\n\n${lines.join('')}`);
          setImmediate(() => request.socket.destroy());
        };
      const message = (seq: number) => `id: ${seq}.0\nevent: message\ndata: {"seq":${seq}}\n\n`;
      handlers = [
        events(message(1), message(2), 'id: 3.0\nevent: mess'),
        cut,
        events(message(3)),
        refused(404, 'thread_not_found'),
      ];
      const seqs: number[] = [];
      const read = async () => {
        for await (const told of tavern.events('/chat/{thread}/live', { path: { thread: 'thr_1' } }))
          if (told.event === 'message') seqs.push(told.data.seq);
      };
      expect((await refusalOf(read())).code).to.equal('thread_not_found');
      expect(seqs).to.deep.equal([1, 2, 3]);
      expect(asked.map(({ headers }) => headers['last-event-id'])).to.deep.equal([undefined, '2.0', '2.0', '3.0']);
    });
  });

  it('has its types as they are generated (npm run generate)', async () => {
    const document = JSON.parse(readFileSync(join(ROOT, 'docs/openapi.json'), 'utf8'));
    for (const [file, text] of Object.entries(await generatedSdk(document)))
      expect(readFileSync(join(ROOT, file), 'utf8') === text, file).to.equal(true);
  });

  it(`takes at most ${MAX_COMPRESSED_BYTES} bytes, compressed, as it is published`, function () {
    this.timeout(60_000);
    const out = temporaryFolder();
    const args = ['-p', 'clients/sdk', '--outDir', out];
    const { status, stdout } = spawnSync(process.execPath, [join(ROOT, 'node_modules/typescript/bin/tsc'), ...args], {
      cwd: ROOT,
      encoding: 'utf8',
    });
    expect([status, stdout]).to.deep.equal([0, '']);
    const scripts = readdirSync(out).filter((name) => name.endsWith('.js'));
    expect(scripts).to.include.members(['sdk.js', 'tavernkeep.js']);
    const bytes = Buffer.concat(scripts.map((name) => readFileSync(join(out, name))));
    expect(gzipSync(bytes, { level: 9 }).length).to.be.at.most(MAX_COMPRESSED_BYTES);
    rmSync(out, { recursive: true });
  });
});
