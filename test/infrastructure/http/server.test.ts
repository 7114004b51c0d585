/** The stop of a server: nobody who has been answered keeps it, and nobody who is not answered keeps it for long. */
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { once } from 'node:events';
import { Agent, request as httpRequest, Server, type ServerResponse } from 'node:http';
import { expect } from 'chai';
import { restore, type SinonFakeTimers, stub, useFakeTimers } from 'sinon';
import { maxConnections } from '#infrastructure/config/descriptors.ts';
import { CUT_OFF_MS, type RunningServer, startServer } from '#infrastructure/http/server.ts';

const IDLE_CHECK_MS = 50;
/** Below Node's own limit for idle connections, which would end them too. */
const WITHIN_MS = 3_000;

describe('a stopping server', () => {
  let clock: SinonFakeTimers;
  let server: RunningServer;
  let responses: ServerResponse[];
  let arrived: PromiseWithResolvers<void>;
  let agent: Agent;

  beforeEach(async () => {
    responses = [];
    arrived = Promise.withResolvers<void>();
    const answerLater = (_request: object, response: ServerResponse) => {
      responses.push(response);
      arrived.resolve();
    };
    server = await startServer(() => answerLater, '127.0.0.1', 0);
    agent = new Agent({ keepAlive: true });
    clock = useFakeTimers({ toFake: ['setTimeout', 'setInterval', 'clearTimeout', 'clearInterval'] });
  });
  afterEach(async () => {
    clock.restore();
    agent.destroy();
    for (const response of responses) response.destroy();
  });

  /** A request over a connection that is kept; resolves once the server has it. */
  async function asked(): Promise<Readonly<{ outcome: Promise<number | string>; closed: Promise<unknown> }>> {
    const request = httpRequest(server.url, { agent });
    const outcome = new Promise<number | string>((resolve) => {
      request.on('response', (response) => {
        response.resume();
        resolve(response.statusCode ?? 0);
      });
      request.on('error', () => resolve('cut off'));
    });
    request.end();
    const [socket] = await once(request, 'socket');
    const closed = once(socket, 'close');
    await arrived.promise;
    return { outcome, closed };
  }

  /** Whether `promise` settles within a real time that is long for it. */
  async function settles(promise: Promise<unknown>): Promise<boolean> {
    const late = AbortSignal.timeout(WITHIN_MS);
    const tooLate = new Promise((resolve) => late.addEventListener('abort', () => resolve('late')));
    return (await Promise.race([promise.then(() => 'settled'), tooLate])) === 'settled';
  }

  it('waits for an answer under way, and then not for the connection that is kept', async () => {
    const { outcome } = await asked();
    let stopped = false;
    const stop = server.stop().then(() => {
      stopped = true;
    });
    clock.tick(CUT_OFF_MS - IDLE_CHECK_MS - 1);
    await new Promise(setImmediate);
    expect(stopped).to.equal(false);
    responses[0]?.end('done');
    expect(await outcome).to.equal(200);
    // The next check is before the cut-off.
    clock.tick(IDLE_CHECK_MS);
    expect(await settles(stop), 'the connection that fell idle was not closed').to.equal(true);
    expect(clock.countTimers()).to.equal(0);
  });

  it('cuts off after 9 s whoever is still not answered', async () => {
    const { outcome } = await asked();
    const stop = server.stop();
    clock.tick(CUT_OFF_MS);
    expect(await settles(stop), 'the request was not cut off').to.equal(true);
    expect(await outcome).to.equal('cut off');
  });

  it('takes no new connection, and closes those that are idle at once', async () => {
    const { outcome, closed } = await asked();
    responses[0]?.end('done');
    await outcome;
    const stop = server.stop();
    expect(await settles(Promise.all([stop, closed]))).to.equal(true);
    expect(await fetch(server.url).catch(() => 'refused')).to.equal('refused');
  });
});

describe('a server that cannot listen', () => {
  afterEach(() => restore());

  for (const [code, advice] of [
    ['EADDRINUSE', 'PORT: 80 is taken on tavern. Set PORT to another one.'],
    ['EACCES', 'PORT: this user may not listen on 80. Set PORT to one above 1023.'],
    ['EADDRNOTAVAIL', 'HOST: tavern is no address of this machine.'],
    ['ENOTFOUND', 'HOST: tavern is no address of this machine.'],
    ['EMFILE', 'listen EMFILE'],
  ] as const) {
    it(`says what to do about ${code}`, async () => {
      stub(Server.prototype, 'listen').callsFake(function fail(this: Server) {
        this.emit('error', Object.assign(new Error(`listen ${code}`), { code }));
        return this;
      });
      const failure = await startServer(() => () => undefined, 'tavern', 80).catch((error: Error) => error.message);
      expect(failure).to.equal(advice);
    });
  }
});

describe('a server', () => {
  const REQUESTS = 'http.server.request.start';
  const answering = () => (_request: object, response: ServerResponse) => void response.end();

  it('ends slow and stalled clients after the times that the architecture promises, unless it is told others', async () => {
    const seen: Server[] = [];
    const note = (message: unknown) => void seen.push((message as { server: Server }).server);
    const others = { headersTimeoutMs: 2_000, requestTimeoutMs: 3_000, stalledMs: 4_000, maxConnections: 5 };
    subscribe(REQUESTS, note);
    try {
      for (const limits of [{}, others]) {
        const server = await startServer(answering, '127.0.0.1', 0, { limits });
        await fetch(server.url);
        await server.stop();
      }
    } finally {
      unsubscribe(REQUESTS, note);
    }
    const times = seen.map((one) => [one.headersTimeout, one.requestTimeout, one.timeout, one.maxConnections]);
    expect(times).to.deep.equal([
      [10_000, 30_000, 60_000, maxConnections()],
      [2_000, 3_000, 4_000, 5],
    ]);
  });
});
