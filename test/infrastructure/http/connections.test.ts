/**
 * What one connection can hold, and for how long: attacks by clients that send and do not read, or hold and do not
 * send.
 */
import { readdirSync } from 'node:fs';
import type { RequestListener } from 'node:http';
import type { Socket } from 'node:net';
import { expect } from 'chai';
import { connectionsWithin } from '#infrastructure/config/descriptors.ts';
import { type RunningServer, type ServerLimits, startServer } from '#infrastructure/http/server.ts';
import { logServer } from '#infrastructure/http/server-log.ts';
import { createLogger } from '#infrastructure/observability/logging.ts';
import { Instruments } from '#infrastructure/observability/metrics/instruments.ts';
import { RequestMetrics } from '#infrastructure/observability/metrics/request-metrics.ts';
import { Scraped } from '../../support/metrics/scraped.ts';
import { answered, dial, eventually, exchange, parseAnswer } from '../../support/servers/sockets.ts';

const GET = 'GET / HTTP/1.1\r\nHost: x\r\n\r\n';
const MIB = 1024 * 1024;

describe('connections', function () {
  this.timeout(10_000);
  let server: RunningServer;
  let sockets: Socket[];
  let logs: string[];
  let instruments: Instruments;

  beforeEach(() => {
    [sockets, logs] = [[], []];
  });
  afterEach(async () => {
    for (const socket of sockets) socket.destroy();
    await server.stop();
  });

  async function serve(listener: RequestListener, limits: Partial<ServerLimits> = {}): Promise<void> {
    const logger = createLogger('info', { write: (line) => logs.push(line) });
    instruments = new Instruments();
    const log = logServer(logger, new RequestMetrics(instruments));
    server = await startServer(() => listener, '127.0.0.1', 0, { limits, log });
  }

  async function open(bytes: string, options: { allowHalfOpen?: boolean } = {}): Promise<Socket> {
    const socket = await dial(server.url, bytes, options);
    sockets.push(socket);
    return socket;
  }

  describe('answers that nobody reads', () => {
    /** Answers of a mebibyte; how many were begun, and how many at once. */
    function counted() {
      const seen = { begun: 0, underWay: 0, most: 0, broken: 0 };
      const body = Buffer.alloc(MIB, 'x');
      const listener: RequestListener = (_request, response) => {
        seen.begun += 1;
        seen.underWay += 1;
        seen.most = Math.max(seen.most, seen.underWay);
        response.once('finish', () => {
          seen.underWay -= 1;
        });
        response.once('close', () => {
          if (!response.writableFinished) seen.broken += 1;
        });
        response.end(body);
      };
      return { seen, listener };
    }

    it('are one at a time on a connection, however many requests are sent ahead, and all come in the end', async () => {
      const { seen, listener } = counted();
      await serve(listener);
      const socket = await open(GET.repeat(50));
      await eventually(() => seen.underWay === 1);
      const text = answered(socket);
      await eventually(() => seen.begun === 50 && seen.underWay === 0);
      expect(seen).to.include({ most: 1, broken: 0 });
      socket.end();
      expect((await text).length).to.be.above(50 * MIB);
    });

    it('are cut off when nothing of them is taken for a while', async () => {
      const { seen, listener } = counted();
      await serve(listener, { stalledMs: 200 });
      await open(GET.repeat(50));
      await eventually(() => seen.broken === 1);
      expect(seen.most).to.equal(1);
      expect(seen.begun).to.be.below(50);
    });

    for (const [what, bytes] of [
      ['requests', GET],
      ['what is no request', 'x\r\n\r\n'],
    ] as const) {
      it(`are cut off too where the client goes on sending ${what}`, async () => {
        const { seen, listener } = counted();
        await serve(listener, { stalledMs: 200 });
        const socket = await open(GET.repeat(20));
        const sending = setInterval(() => socket.write(bytes), 20);
        await eventually(() => seen.broken === 1).finally(() => clearInterval(sending));
      });
    }

    it('end the connection of a client that sends more requests ahead than may wait', async () => {
      const { seen, listener } = counted();
      await serve(listener, { maxWaiting: 10 });
      const socket = await open(GET.repeat(12));
      const text = await answered(socket);
      expect(text.length).to.be.below(2 * MIB);
      expect(seen.begun).to.equal(1);
    });

    it('come in the order of their requests, a body among them', async () => {
      const held: (() => void)[] = [];
      const asked: string[] = [];
      await serve((request, response) => {
        asked.push(request.url ?? '');
        held.push(() => response.end());
      });
      const socket = await open('GET /1 HTTP/1.1\r\nHost: x\r\n\r\nGET /2 HTTP/1.1\r\nHost: x\r\n\r\n');
      socket.resume();
      await eventually(() => asked.length === 1);
      socket.write('POST /3 HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\nab');
      for (const n of [1, 2, 3]) {
        await eventually(() => asked.length === n);
        held[n - 1]?.();
      }
      expect(asked).to.deep.equal(['/1', '/2', '/3']);
    });
  });

  describe('clients that hold a connection', () => {
    const openFiles = () => readdirSync('/proc/self/fd').length;

    for (const [what, bytes, expected] of [
      ['nothing', '', 'HTTP/1.1 408 '],
      ['half a head', 'GET / HTTP/1.1\r\nX-', 'HTTP/1.1 408 '],
      ['half a body', 'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nab', 'HTTP/1.1 408 '],
      ['what is no HTTP', 'NONSENSE\r\n\r\n', 'HTTP/1.1 400 '],
    ] as const) {
      it(`and send ${what} are answered, and lose it though they do not close it`, async () => {
        await serve((request, response) => request.resume().once('end', () => response.end()), {
          headersTimeoutMs: 100,
          requestTimeoutMs: 150,
          checkEveryMs: 25,
        });
        const before = openFiles();
        const clients = await Promise.all(Array.from({ length: 20 }, () => open(bytes, { allowHalfOpen: true })));
        for (const text of await Promise.all(clients.map(answered))) expect(text.slice(0, 13)).to.equal(expected);
        await eventually(() => openFiles() <= before + clients.length);
        expect(clients.filter(({ destroyed }) => destroyed)).to.deep.equal([]);
      });
    }

    it('leave room for others: beyond the limit connections are closed, which is logged once, until some are given up', async () => {
      await serve((_request, response) => response.end(), { maxConnections: 3 });
      const held = await Promise.all([1, 2, 3].map(() => open('GET / HTTP/1.1\r\nX-')));
      for (let n = 0; n < 3; n += 1) expect(await exchange(server.url, '')).to.equal('');
      expect(logs.filter((line) => line.includes('"max_connections":3'))).to.have.length(1);
      const { text } = await instruments.scrape();
      expect(new Scraped(text).value('tavernkeep_http_connections_refused_total')).to.equal(3);
      held[0]?.destroy();
      await eventually(() => sockets[0]?.closed === true);
      const closing = 'GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n';
      while (!(await exchange(server.url, closing)).startsWith('HTTP/1.1 200 '));
    });

    it('may be as many as three quarters of the files that the process may open, and never more than 10 000', () => {
      expect([1_024, 20_000, Number.POSITIVE_INFINITY].map(connectionsWithin)).to.deep.equal([768, 10_000, 10_000]);
    });
  });

  describe('what is no request', () => {
    it('is refused with a problem document, with an id that the log has too', async () => {
      await serve((_request, response) => response.end());
      const answer = parseAnswer(await exchange(server.url, 'NONSENSE\r\n\r\n'));
      expect(answer.status).to.equal(400);
      expect(answer.headers).to.include({
        'content-type': 'application/problem+json; charset=utf-8',
        'content-length': String(answer.body.length),
        'x-content-type-options': 'nosniff',
        'cache-control': 'no-store',
        connection: 'close',
      });
      const id = answer.headers['x-request-id'] ?? '';
      expect(id).to.match(/^[0-9a-f-]{36}$/);
      expect(JSON.parse(answer.body)).to.include({ status: 400, code: 'malformed_request', request_id: id });
      expect(logs.filter((line) => line.includes(id) && line.includes('"status":400'))).to.have.length(1);
    });

    it('waits for the answers to what came before it, however long they take', async () => {
      const answers: (() => void)[] = [];
      await serve((_request, response) => answers.push(() => response.end('all of it')));
      const text = exchange(server.url, `${GET}${GET}NONSENSE\r\n\r\n`);
      for (const n of [1, 2]) {
        await eventually(() => answers.length === n);
        answers[n - 1]?.();
      }
      const [first, second, third] = (await text).split(/(?=HTTP\/1\.1)/);
      for (const one of [first, second]) expect(parseAnswer(one ?? '')).to.include({ status: 200, body: 'all of it' });
      expect(parseAnswer(third ?? '').status).to.equal(400);
    });

    it('breaks the connection where the answer to the same request has begun', async () => {
      await serve((_request, response) => response.writeHead(200, { 'Content-Length': 9 }).write('ab'), {
        requestTimeoutMs: 100,
        headersTimeoutMs: 50,
        checkEveryMs: 25,
      });
      const text = await exchange(server.url, 'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nab');
      expect(text).to.match(/^HTTP\/1\.1 200 .*\r\n\r\nab$/s);
    });

    it('is told that its headers are too large, or that there is no tunnel here', async () => {
      await serve((_request, response) => response.end());
      const large = parseAnswer(await exchange(server.url, `GET / HTTP/1.1\r\nX: ${'x'.repeat(17_000)}\r\n\r\n`));
      expect(JSON.parse(large.body)).to.include({ code: 'malformed_request' });
      expect(JSON.parse(large.body).detail).to.contain('16 KiB');
      const tunnel = parseAnswer(await exchange(server.url, 'CONNECT a:1 HTTP/1.1\r\nHost: a:1\r\n\r\n'));
      expect(JSON.parse(tunnel.body)).to.include({ status: 404, code: 'route_not_found' });
    });
  });
});
