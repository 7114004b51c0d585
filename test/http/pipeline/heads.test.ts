/** Requests that are odd before anything else: their host, their address, their expectations, on every path. */
import { expect } from 'chai';
import { BASE_PATH } from '#adapters/http/declaration/base-path.ts';
import { startTestServer, type TestServer } from '../../support/servers/server.ts';
import { exchange, parseAnswer } from '../../support/servers/sockets.ts';

const PATHS = ['/', '/docs', '/health/live', '/nowhere', `${BASE_PATH}/auth/me`, `${BASE_PATH}/openapi.json`];

describe('HTTP: the heads of requests', function () {
  this.timeout(10_000);
  let server: TestServer;
  before(async () => {
    server = await startTestServer({ CORS_ORIGINS: 'https://play.example' });
  });
  after(() => server.close());

  const ask = async (line: string, ...headers: readonly string[]) => {
    const bytes = [line, ...headers, 'Connection: close', '', ''].join('\r\n');
    const answer = parseAnswer(await exchange(server.url, bytes));
    return { ...answer, problem: answer.status < 400 ? null : JSON.parse(answer.body) };
  };

  it('answers 400 `malformed_request` without a Host header, with two, and with one that is no host, on every path', async () => {
    for (const path of PATHS) {
      for (const hosts of [[], ['Host: a', 'Host: a'], ['Host: a', 'host: b'], ['Host: a/b?c'], ['Host: a, b']]) {
        const { status, headers, problem } = await ask(`GET ${path} HTTP/1.1`, ...hosts);
        expect(problem, `${path} ${hosts}`).to.include({ status: 400, code: 'malformed_request' });
        expect(status).to.equal(400);
        expect(headers['content-type']).to.equal('application/problem+json; charset=utf-8');
        expect(headers['x-request-id']).to.equal(problem.request_id);
      }
    }
  });

  it('takes a host with a port, an IPv6 address, none at all of HTTP/1.0, and a header whose name is as long', async () => {
    for (const hosts of [['Host: tavern.example:3000'], ['Host: [::1]:3000'], ['Host:'], ['Host: a', 'Date: b']])
      expect((await ask('GET /health/live HTTP/1.1', ...hosts)).status, String(hosts)).to.equal(200);
    expect((await ask('GET /health/live HTTP/1.0')).status).to.equal(200);
  });

  it('answers 417 `expectation_failed` to an expectation that nobody meets, and meets 100-continue', async () => {
    for (const path of PATHS) {
      const { problem } = await ask(`GET ${path} HTTP/1.1`, 'Host: a', 'Expect: junk');
      expect(problem, path).to.include({ status: 417, code: 'expectation_failed' });
    }
    const body = '{"login":"a","password":"b"}';
    const head = [`POST ${BASE_PATH}/auth/login HTTP/1.1`, 'Host: a', 'Expect: 100-Continue', 'Connection: close'];
    const length = ['Content-Type: application/json', `Content-Length: ${body.length}`, '', body];
    const text = await exchange(server.url, [...head, ...length].join('\r\n'));
    expect(text).to.match(/^HTTP\/1\.1 100 Continue\r\n\r\nHTTP\/1\.1 401 /);
  });

  it('answers 404 `route_not_found` to an address without a path', async () => {
    for (const address of ['http://', '*'])
      expect((await ask(`GET ${address} HTTP/1.1`, 'Host: a')).problem, address).to.include({
        status: 404,
        code: 'route_not_found',
      });
  });

  it('ends the connection with the answer to a request that offers another protocol (200)', async () => {
    const upgrade = 'GET /health/live HTTP/1.1\r\nHost: a\r\nConnection: upgrade\r\nUpgrade: h2c\r\n\r\n';
    const text = await exchange(server.url, `${upgrade}GET /health/live HTTP/1.1\r\nHost: a\r\n\r\n`);
    const { status, headers } = parseAnswer(text);
    expect({ status, connection: headers.connection }).to.deep.equal({ status: 200, connection: 'close' });
    expect(text.match(/HTTP\/1\.1/g)).to.have.length(1);
  });

  it('answers 412 `stale` and 416 `range_not_satisfiable` of a page, and logs no failure', async () => {
    const logged = server.logs.length;
    for (const path of ['/', '/page.js', '/icon.svg']) {
      for (const [headers, status, code] of [
        [{ 'If-Match': '"x"' }, 412, 'stale'],
        [{ 'If-Unmodified-Since': 'Sat, 01 Jan 2000 00:00:00 GMT' }, 412, 'stale'],
        [{ Range: 'bytes=9999999-' }, 416, 'range_not_satisfiable'],
      ] as const) {
        const answer = await fetch(server.url + path, { headers: { ...headers } });
        expect(await answer.json(), path).to.include({ status, code });
        if (status === 416) expect(answer.headers.get('content-range')).to.match(/^bytes \*\/\d+$/);
      }
    }
    expect(server.logs.slice(logged).filter((line) => line.includes('"level":"error"'))).to.deep.equal([]);
  });

  it('answers everything outside the API with the request id, without naming what runs here, and logs it by that id', async () => {
    const seen: Record<string, string> = {};
    for (const [method, path, route] of [
      ['GET', '/health/live', '/health/live'],
      ['GET', '/health/ready', '/health/ready'],
      ['GET', '/docs', '/docs'],
      ['GET', '/api/v1/openapi.json', '/api/v1/openapi.json'],
      ['GET', '/', '(page)'],
      ['HEAD', '/page.js', '(page)'],
      ['GET', '/nowhere/at-all', '(none)'],
      ['OPTIONS', '/api/v1/auth/me', '(preflight)'],
    ] as const) {
      const id = `trace:${method}${path.replaceAll('/', '.')}`;
      seen[id] = route;
      const headers = { 'X-Request-Id': id, Origin: 'https://play.example' };
      const answer = await fetch(server.url + path, { method, headers });
      expect(answer.headers.get('x-request-id'), path).to.equal(id);
      expect(answer.headers.get('x-content-type-options'), path).to.equal('nosniff');
      expect(answer.headers.get('x-powered-by'), path).to.equal(null);
      await answer.arrayBuffer();
      const unnamed = await fetch(server.url + path, { method });
      expect(unnamed.headers.get('x-request-id'), path).to.match(/^[0-9a-f-]{36}$/);
      await unnamed.arrayBuffer();
    }
    const logged = server.logs.map((line) => JSON.parse(line)).filter(({ request_id: id }) => id in seen);
    expect(Object.fromEntries(logged.map(({ request_id: id, route }) => [id, route]))).to.deep.equal(seen);
    expect(logged).to.have.length(Object.keys(seen).length);
  });
});
