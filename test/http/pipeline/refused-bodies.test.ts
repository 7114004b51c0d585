/** A body that is refused is read to its end, within limits, so that a client that is still sending sees the answer. */
import { once } from 'node:events';
import { expect } from 'chai';
import { z } from 'zod';
import { BASE_PATH } from '#adapters/http/declaration/base-path.ts';
import { jsonBody } from '#adapters/http/declaration/body.ts';
import { route } from '#adapters/http/declaration/route.ts';
import { UNREAD_LIMITS } from '#adapters/http/pipeline/unread-body.ts';
import { type RunningServer, startServer } from '#infrastructure/http/server.ts';
import { rounds } from '../../support/reporting/rounds.ts';
import { bareApp } from '../../support/servers/bare-app.ts';
import { answered, dial, eventually, parseAnswer } from '../../support/servers/sockets.ts';

const PATH = `${BASE_PATH}/texts`;
const JSON_TYPE = { 'Content-Type': 'application/json' };

const taken = route({
  method: 'post',
  path: '/texts',
  tag: 'Test',
  summary: 'Takes a text.',
  access: 'public',
  body: jsonBody(z.string()),
  returns: { 204: null },
  handle: async () => ({ status: 204 }),
});

describe('HTTP: refused bodies', function () {
  this.timeout(10_000);
  let server: RunningServer;
  afterEach(() => server.stop());

  async function serve(unreadLimits?: { maxBytes: number; maxMs: number }): Promise<void> {
    const changed = unreadLimits === undefined ? {} : { unreadLimits };
    server = await startServer(bareApp([taken], changed), '127.0.0.1', 0);
  }

  const head = (length: number, more = '') =>
    `POST ${PATH} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: ${length}\r\n${more}\r\n`;

  for (const bytes of [1_100_000, 5_000_000]) {
    it(`of ${bytes} bytes: every client sees the 413, and the connection closes afterwards`, async () => {
      await serve();
      const body = 'x'.repeat(bytes);
      for (let n = 0; n < rounds(50); n += 1) {
        const fetched = await fetch(server.url + PATH, { method: 'POST', body, headers: JSON_TYPE });
        expect(await fetched.json()).to.include({ status: 413, code: 'body_too_large' });
        const socket = await dial(server.url, head(bytes));
        const failures: Error[] = [];
        socket.on('error', (error) => failures.push(error));
        // All of it is sent before anything is read.
        await new Promise((resolve) => socket.write(body, resolve));
        const answer = parseAnswer(await answered(socket));
        expect(answer, `round ${n}`).to.deep.include({ status: 413 });
        expect(answer.headers).to.include({ connection: 'close' });
        expect(failures).to.deep.equal([]);
        socket.destroy();
      }
    });
  }

  it('are answered at once, while the client has not sent all of it, and in whatever order it is refused', async () => {
    await serve();
    for (const [bytes, type, status] of [
      [2_000_000, 'application/json', 413],
      [9, 'text/plain', 415],
    ] as const) {
      const request = head(bytes).replace('application/json', type);
      const socket = await dial(server.url, request + 'x'.repeat(status === 415 ? 9 : 5));
      const answer = parseAnswer(String((await once(socket.resume(), 'data'))[0]));
      expect(answer.status).to.equal(status);
      socket.destroy();
    }
  });

  it('are read no further than the limit in bytes', async () => {
    await serve({ maxBytes: 100_000, maxMs: 60_000 });
    const socket = await dial(server.url, head(50_000_000));
    const received = answered(socket);
    socket.write('x'.repeat(100_000));
    socket.write('x');
    expect(parseAnswer(await received).status).to.equal(413);
    socket.destroy();
  });

  it('are read to the limit in bytes, and not ended before', async () => {
    await serve({ maxBytes: 100_000, maxMs: 60_000 });
    const socket = await dial(server.url, head(50_000_000));
    let ended = false;
    const received = answered(socket).finally(() => {
      ended = true;
    });
    await eventually(() => socket.bytesRead > 0);
    await new Promise((resolve) => socket.write('x'.repeat(100_000), resolve));
    // An answer on another connection: the server has read what came before it.
    await fetch(`${server.url}/nowhere`);
    expect(ended).to.equal(false);
    socket.write('x');
    await received;
    socket.destroy();
  });

  it('are waited for no longer than the limit in time, though nothing more comes', async () => {
    await serve({ maxBytes: 100_000, maxMs: 50 });
    const socket = await dial(server.url, head(50_000_000));
    expect(parseAnswer(await answered(socket)).status).to.equal(413);
    socket.destroy();
  });

  it('do not keep the server from stopping', async () => {
    await serve({ maxBytes: 100_000, maxMs: 60_000 });
    const socket = await dial(server.url, head(50_000_000));
    await eventually(() => socket.resume().bytesRead > 0);
    await server.stop();
    socket.destroy();
  });

  it('are read to 64 MiB and for 10 s where nothing else is said', async () => {
    expect(UNREAD_LIMITS).to.deep.equal({ maxBytes: 64 * 1024 * 1024, maxMs: 10_000 });
    await serve();
  });
});
