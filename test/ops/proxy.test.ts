/** The proxy's configuration, in front of servers that say what reaches them. */
import { once } from 'node:events';
import { createServer, type IncomingMessage, request, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { expect } from 'chai';
import { HaProxy, withProxy } from '../support/servers/proxy.ts';
import { until } from '../support/until.ts';

/** Says that it is ready, or is not, and leaves all else to its handler. */
class Upstream {
  ready = true;
  readonly requests: IncomingMessage[] = [];
  readonly server: Server;
  handle: (request: IncomingMessage, response: ServerResponse) => void = (_request, response) => response.end('here');

  constructor() {
    this.server = createServer((request, response) => {
      if (request.url === '/health/live') return response.end();
      if (request.url === '/health/ready') return response.writeHead(this.ready ? 200 : 503).end();
      this.requests.push(request);
      return this.handle(request, response);
    });
  }

  async listen(port = 0): Promise<string> {
    await new Promise<void>((resolve) => this.server.listen(port, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  close(): void {
    this.server.closeAllConnections();
    this.server.close();
  }
}

withProxy('the proxy', function () {
  this.timeout(30_000);
  let upstreams: readonly [Upstream, Upstream];
  let proxy: HaProxy;

  beforeEach(async () => {
    upstreams = [new Upstream(), new Upstream()];
    proxy = await HaProxy.start([await upstreams[0].listen(), await upstreams[1].listen()]);
    // Both have been found ready: each is asked in turn.
    await until(async () => {
      await fetch(proxy.url);
      return upstreams.every(({ requests }) => requests.length > 0);
    }, 'both servers are asked');
    for (const { requests } of upstreams) requests.length = 0;
  });
  afterEach(async () => {
    await proxy?.stop();
    for (const upstream of upstreams) upstream.close();
  });

  const received = () => upstreams.flatMap(({ requests }) => requests);
  const ask = (method: string, headers: Record<string, string> = {}) =>
    fetch(`${proxy.url}/api/v1/chat`, { method, headers, ...(method === 'POST' && { body: '{}' }) });

  /** On a connection of its own, where the proxy says what went wrong; it closes one that was used before. */
  async function postAlone(): Promise<Readonly<{ response: IncomingMessage; body: string }>> {
    const sent = request(`${proxy.url}/api/v1/chat`, { method: 'POST', agent: false });
    sent.end('{}');
    const [response] = (await once(sent, 'response')) as [IncomingMessage];
    return { response, body: await text(response) };
  }

  it('sends what a server broke off to another one where it only reads, and never twice where it changes something', async () => {
    upstreams[0].handle = (request) => request.socket.destroy();
    for (let i = 0; i < 4; i += 1) expect((await ask('GET')).status).to.equal(200);
    expect(upstreams[0].requests.length).to.be.greaterThan(0);
    for (const { requests } of upstreams) requests.length = 0;
    const answers = [];
    for (let i = 0; i < 4; i += 1) answers.push(await postAlone());
    expect(received()).to.have.length(4);
    const refused = answers.filter(({ response }) => response.statusCode !== 200);
    expect(refused.length).to.equal(upstreams[0].requests.length).and.be.greaterThan(0);
    for (const { response, body } of refused) {
      expect(response.statusCode).to.equal(502);
      expect(response.headers['content-type']).to.equal('application/problem+json');
      expect(JSON.parse(body)).to.include({ status: 502, code: 'outcome_unknown' });
    }
    for (let i = 0; i < 4; i += 1) await ask('POST').catch(() => {});
    expect(received()).to.have.length(8);
  });

  it('asks another server where one refuses a connection, whatever is asked', async () => {
    upstreams[0].close();
    for (const method of ['POST', 'GET', 'DELETE', 'POST']) expect((await ask(method)).status).to.equal(200);
  });

  it('leaves a server alone that is not ready, and asks all where none is', async () => {
    upstreams[0].ready = false;
    await until(async () => {
      for (const { requests } of upstreams) requests.length = 0;
      for (let i = 0; i < 4; i += 1) await ask('POST');
      return upstreams[1].requests.length === 4;
    }, 'the one that is not ready is left alone');
    upstreams[1].ready = false;
    await until(async () => {
      for (const { requests } of upstreams) requests.length = 0;
      for (let i = 0; i < 4; i += 1) expect((await ask('POST')).status).to.equal(200);
      return upstreams[0].requests.length > 0 && upstreams[1].requests.length > 0;
    }, 'both are asked');
  });

  it('says in JSON that nothing was changed where no server is there', async () => {
    for (const upstream of upstreams) upstream.close();
    const answer = await until(async () => {
      const given = await ask('POST');
      return given.status === 503 ? given : undefined;
    }, 'it gives up');
    expect(answer?.headers.get('content-type')).to.equal('application/problem+json');
    expect(Number(answer?.headers.get('retry-after'))).to.be.greaterThan(0);
    expect(await answer?.json()).to.include({ status: 503, code: 'store_unavailable' });
  });

  it('says whose address it is and how they came, whatever they say themselves', async () => {
    await ask('GET', { 'X-Forwarded-For': '203.0.113.7', 'X-Forwarded-Proto': 'https' });
    const [first] = received();
    expect(first?.headers).to.include({ 'x-forwarded-for': '127.0.0.1', 'x-forwarded-proto': 'http' });
  });

  it('passes on each part of a stream before the next one is there', async () => {
    const streams: ServerResponse[] = [];
    for (const upstream of upstreams) {
      upstream.handle = (_request, response) => {
        response.writeHead(200, { 'Content-Type': 'text/event-stream' });
        response.write('data: 1\n\n');
        streams.push(response);
      };
    }
    const reader = (await ask('GET')).body?.getReader();
    const next = async () => new TextDecoder().decode((await reader?.read())?.value);
    expect(await next()).to.equal('data: 1\n\n');
    streams[0]?.write('data: 2\n\n');
    expect(await next()).to.equal('data: 2\n\n');
    await reader?.cancel();
  });

  it('keeps the metrics from everybody', async () => {
    expect((await fetch(`${proxy.url}/metrics`)).status).to.equal(404);
    expect(received()).to.have.length(0);
  });
});
