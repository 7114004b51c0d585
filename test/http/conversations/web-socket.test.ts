/** A conversation by WebSocket: the events of a stream, and appends as by POST. */
import { once } from 'node:events';
import { expect } from 'chai';
import { WebSocket } from 'ws';
import { ThreadFeeds } from '#application/conversations/live/thread-feeds.ts';
import { Scraped } from '../../support/metrics/scraped.ts';
import { noteSecrets } from '../../support/servers/secret-scan.ts';
import { type Client, type Json, startTestServer, type TestServer } from '../../support/servers/server.ts';
import { exchange, parseAnswer } from '../../support/servers/sockets.ts';
import { onEveryStore } from '../../support/servers/stores.ts';
import { FrameSocket } from '../../support/servers/web-socket.ts';
import { until } from '../../support/until.ts';

type Options = Readonly<{ headers?: Record<string, string>; protocols?: readonly string[]; query?: string }>;

onEveryStore('HTTP: a conversation by WebSocket', () => {
  let server: TestServer;
  let client: Client;
  let thread: string;
  const opened: WebSocket[] = [];

  before(async () => {
    server = await startTestServer({ RATE_LIMIT_ACTOR_PER_MINUTE: '400', CORS_ORIGINS: 'https://play.example' });
  });
  after(() => server.close());
  beforeEach(async () => {
    client = await server.user('gm');
    thread = (await client.post('/chat', {})).body.id;
  });
  afterEach(async () => {
    for (const webSocket of opened.splice(0)) webSocket.terminate();
    await until(() => feeds().followers === 0, 'nobody follows any more');
  });

  const feeds = () => server.application.container.get(ThreadFeeds);

  function dial({ headers = { Cookie: client.cookie ?? '' }, protocols = [], query = '' }: Options = {}): WebSocket {
    noteSecrets(server.url, undefined, new Headers(headers));
    const webSocket = new WebSocket(`${server.url}/api/v1/chat/${thread}/ws${query}`, [...protocols], { headers });
    opened.push(webSocket);
    webSocket.on('error', () => undefined);
    return webSocket;
  }
  async function open(options: Options = {}): Promise<FrameSocket> {
    const socket = new FrameSocket(dial(options));
    await once(socket.webSocket, 'open');
    return socket;
  }
  /** The answer that an upgrade was refused with. */
  async function refusal(options: Options): Promise<Json> {
    const [, response] = await once(dial(options), 'unexpected-response');
    let text = '';
    for await (const chunk of response) text += chunk;
    return { ...JSON.parse(text), headers: response.headers };
  }
  const transcript = async () =>
    (await client.get(`/chat/${thread}/messages`)).body.items.map(({ content }: Json) => content);

  it('tells what a stream tells, as frames of event, id and data, and goes on after the last one', async () => {
    const socket = await open();
    const { message, usage } = (await client.post(`/chat/${thread}`, { content: 'One.' })).body;
    await socket.events(2, 'usage');
    expect(socket.frames.map(({ event, id }) => [event, id])).to.deep.equal([
      ['usage', '0.0'],
      ['message', '1.0'],
      ['usage', '1.0'],
    ]);
    expect([socket.frames[1].data, socket.frames[2].data]).to.deep.equal([message, usage]);
    await client.post(`/chat/${thread}`, { content: 'Two.' });
    const later = await open({ query: '?last_event_id=1.0' });
    await later.events(1, 'usage');
    expect(later.frames.map(({ event, id }) => [event, id])).to.deep.equal([
      ['message', '2.0'],
      ['usage', '2.0'],
    ]);
  });

  it('appends, in the order of the frames, and acknowledges each with what POST answers', async () => {
    const socket = await open();
    for (const n of [1, 2, 3]) socket.send({ type: 'append', id: `a${n}`, content: `${n}`, name: 'Vex' });
    const acks = await socket.answers(3);
    expect(acks.map(({ type, id }) => [type, id])).to.deep.equal([
      ['ack', 'a1'],
      ['ack', 'a2'],
      ['ack', 'a3'],
    ]);
    expect(acks[2].message).to.include({ seq: 3, content: '3', name: 'Vex' });
    expect(acks[2].usage).to.include({ message_count: 3 });
    expect((await socket.events(3, 'message')).map(({ data }) => data.seq)).to.deep.equal([1, 2, 3]);
    expect(await transcript()).to.deep.equal(['1', '2', '3']);
  });

  it('appends once what is sent again under its id, on another socket or by POST with the id as its key', async () => {
    const frame = { type: 'append', id: 'turn-7', content: 'We open the door.' };
    const socket = await open();
    socket.send(frame);
    const [first] = await socket.answers(1);
    const again = await open();
    again.send(frame);
    const [second] = await again.answers(1);
    expect(second).to.deep.equal(first);
    const posted = await client.post(`/chat/${thread}`, { content: frame.content }, { 'Idempotency-Key': 'turn-7' });
    expect(posted.body.message).to.deep.equal(first.message);
    expect(posted.headers.get('idempotent-replayed')).to.equal('true');
    again.send({ ...frame, content: 'We leave.' });
    expect((await again.answers(2))[1].problem).to.include({ status: 422, code: 'idempotency_key_reused' });
    expect(await transcript()).to.deep.equal(['We open the door.']);
  });

  it('answers what it cannot do with a problem, and goes on', async () => {
    const socket = await open();
    const wrong: readonly (readonly [frame: unknown, id: string | null, code: string])[] = [
      ['not json', null, 'malformed_json'],
      [Buffer.from([1, 2, 3]), null, 'malformed_json'],
      ['"\\ud800"', null, 'malformed_text'],
      [`${'['.repeat(40)}${']'.repeat(40)}`, null, 'too_deep'],
      [[], null, 'invalid_input'],
      [{ type: 'shout', id: 'a', content: 'x' }, null, 'invalid_input'],
      [{ type: 'append', content: 'x' }, null, 'invalid_input'],
      [{ type: 'append', id: 'b', content: '' }, 'b', 'invalid_input'],
      [{ type: 'append', id: 'c', content: 'x', colour: 'red' }, 'c', 'invalid_input'],
      [{ type: 'append', id: 'ä', content: 'x' }, 'ä', 'malformed_idempotency_key'],
      [{ type: 'append', id: 'd', content: 'x'.repeat(70_000) }, 'd', 'context_budget_unreachable'],
    ];
    for (const [frame] of wrong) socket.send(frame);
    socket.send({ type: 'append', id: 'good', content: 'Hello.' });
    const answers = await socket.answers(wrong.length + 1);
    expect(answers.slice(0, -1).map(({ type, id, problem }) => [type, id, problem.code])).to.deep.equal(
      wrong.map(([, id, code]) => ['error', id, code]),
    );
    expect(new Set(answers.slice(0, -1).map(({ problem }) => problem.request_id)).size).to.equal(wrong.length);
    expect(answers.at(-1)).to.include({ type: 'ack', id: 'good' });
    expect(await transcript()).to.deep.equal(['Hello.']);
  });

  it('allows what POST allows: a player pins nothing (403), and what becomes archived takes nothing (409)', async () => {
    const player = await server.user('player');
    const game = (await client.post('/games', { name: 'The Mines' })).body.id;
    const { id } = (await player.get('/auth/me')).body.user;
    await client.post(`/games/${game}/members`, { user_id: id, role_in_game: 'player' });
    thread = (await client.post('/chat', { game_id: game })).body.id;
    const socket = await open({ headers: { Cookie: player.cookie ?? '' } });
    socket.send({ type: 'append', id: '1', content: 'x', pinned: true });
    await client.patch(`/chat/${thread}`, { archived: true });
    socket.send({ type: 'append', id: '2', content: 'x' });
    const codes = (await socket.answers(2)).map(({ problem }) => [problem.status, problem.code]);
    expect(codes).to.deep.equal([
      [403, 'thread_not_yours'],
      [409, 'archived'],
    ]);
  });

  it('closes with 1009 at a frame of more than a megabyte, and nothing of it is appended', async () => {
    const socket = await open();
    socket.send({ type: 'append', id: 'a', content: 'x'.repeat(1024 * 1024) });
    expect((await socket.closed).code).to.equal(1009);
    expect(await transcript()).to.deep.equal([]);
  });

  it('is opened by an API token as a subprotocol, which no answer repeats', async () => {
    const token = await server.token(client, 'chat.use');
    const socket = await open({ headers: {}, protocols: ['tavernkeep.v1', `bearer.${token}`] });
    expect(socket.webSocket.protocol).to.equal('tavernkeep.v1');
    socket.send({ type: 'append', id: 'a', content: 'x' });
    expect((await socket.answers(1))[0].type).to.equal('ack');
    const revoked = (await client.get('/auth/tokens')).body.items[0].id;
    await client.delete(`/auth/tokens/${revoked}`);
    expect(await socket.closed).to.deep.equal({ code: 1008, reason: 'access ended' });
  });

  it('is refused before it is opened: 401 to nobody, 404 where there is nothing, 403 to foreign pages', async () => {
    const mine = { Cookie: client.cookie ?? '' };
    const anonymous = await refusal({ headers: {} });
    expect(anonymous).to.include({ status: 401, code: 'unauthenticated' });
    expect(anonymous.headers).to.include({
      connection: 'close',
      'content-type': 'application/problem+json; charset=utf-8',
    });
    expect(anonymous.headers['x-request-id']).to.equal(anonymous.request_id);
    const forged = await refusal({ headers: {}, protocols: ['tavernkeep.v1', 'bearer.tk_no_such'] });
    expect(forged).to.include({ status: 401 });
    const own = server.url;
    for (const origin of ['https://evil.example', 'null', own.replace('http:', 'https:')])
      expect(await refusal({ headers: { ...mine, Origin: origin } }), origin).to.include({ code: 'foreign_origin' });
    const site = { ...mine, 'Sec-Fetch-Site': 'cross-site' };
    expect(await refusal({ headers: site })).to.include({ status: 403, code: 'foreign_origin' });
    // A page that may call by tokens has no cookie.
    const listed = { Origin: 'https://play.example' };
    expect(await refusal({ headers: { ...mine, ...listed } })).to.include({ status: 401 });
    const token = await server.token(client, 'chat.use');
    await open({ headers: listed, protocols: ['tavernkeep.v1', `bearer.${token}`] });
    await open({ headers: { ...mine, Origin: own } });
    const stranger = await server.user();
    expect(await refusal({ headers: { Cookie: stranger.cookie ?? '' } })).to.include({ code: 'thread_not_found' });
    thread = 'thr_missing';
    expect(await refusal({})).to.include({ status: 404, code: 'thread_not_found' });
  });

  it('is refused with 426 where nothing is upgraded, and leaves nobody following', async () => {
    const answer = await client.get(`/chat/${thread}/ws`);
    expect(answer.body).to.include({ status: 426, code: 'upgrade_required' });
    expect(answer.headers.get('upgrade')).to.equal('websocket');
    const head = (version: string) =>
      [
        `GET /api/v1/chat/${thread}/ws HTTP/1.1`,
        'Host: a',
        `Cookie: ${client.cookie}`,
        'Connection: Upgrade',
        'Upgrade: websocket',
        'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
        `Sec-WebSocket-Version: ${version}`,
        '',
        '',
      ].join('\r\n');
    expect(parseAnswer(await exchange(server.url, head('7'))).status).to.equal(426);
    expect(feeds().followers).to.equal(0);
  });

  it('limits frames as requests are limited, and says when to try again', async () => {
    const limited = await startTestServer({ RATE_LIMIT_ACTOR_PER_MINUTE: '6' });
    try {
      const user = await limited.user();
      const { id } = (await user.post('/chat', {})).body;
      const url = `${limited.url}/api/v1/chat/${id}/ws`;
      const socket = new FrameSocket(new WebSocket(url, { headers: { Cookie: user.cookie ?? '' } }));
      await once(socket.webSocket, 'open');
      for (let n = 0; n < 8; n += 1) socket.send({ type: 'append', id: `${n}`, content: 'x' });
      const refused = (await socket.answers(8)).filter(({ type }) => type === 'error');
      expect(refused.length).to.be.within(3, 5);
      for (const { problem } of refused) {
        expect(problem).to.include({ status: 429, code: 'rate_limited' });
        expect(problem.retry_after_seconds).to.be.within(1, 60);
      }
      socket.webSocket.terminate();
    } finally {
      await limited.close();
    }
  });

  it('ends when its session does, and says so; frames that come afterwards are not carried out', async () => {
    const socket = await open();
    await client.post('/auth/logout');
    socket.send({ type: 'append', id: 'late', content: 'x' });
    expect(await socket.closed).to.deep.equal({ code: 1008, reason: 'access ended' });
    expect(feeds().followers).to.equal(0);
    expect(socket.frames.some(({ type }) => type === 'ack')).to.equal(false);
  });

  it('tells metrics and log of each frame as of a request, by its code', async () => {
    const scraped = async () => new Scraped((await server.client().get('/metrics')).text);
    const frames = { route: '/chat/{thread}/ws', method: 'POST' };
    const before = await scraped();
    const value = (from: Scraped, name: string, labels: Record<string, string>) => from.value(name, labels) ?? 0;
    const socket = await open();
    socket.send({ type: 'append', id: 'a', content: 'x' });
    socket.send('nonsense');
    await socket.answers(2);
    const after = await scraped();
    for (const [name, labels, count] of [
      ['tavernkeep_http_requests_total', { ...frames, status: '201' }, 1],
      ['tavernkeep_http_requests_total', { ...frames, status: '400' }, 1],
      ['tavernkeep_http_problems_total', { code: 'malformed_json' }, 1],
      ['tavernkeep_live_streams', { transport: 'websocket' }, 1],
    ] as const)
      expect(value(after, name, labels) - value(before, name, labels), name).to.equal(count);
  });
});

describe('HTTP: a server with WebSockets that stops', () => {
  it('closes them with 1012 and when to come back, also those that say nothing', async () => {
    const server = await startTestServer();
    try {
      const client = await server.user();
      const { id } = (await client.post('/chat', {})).body;
      const url = `${server.url}/api/v1/chat/${id}/ws`;
      const sockets = [1, 2].map(
        () => new FrameSocket(new WebSocket(url, { headers: { Cookie: client.cookie ?? '' } })),
      );
      for (const socket of sockets) await socket.events(1, 'usage');
      // One does not read its end.
      sockets[1]?.webSocket.pause();
      sockets[1]?.webSocket.on('error', () => undefined);
      await server.close();
      const ended = await sockets[0]?.closed;
      expect(ended?.code).to.equal(1012);
      expect(ended?.reason).to.match(/^connect again in [12]\d{3} ms$/);
      sockets[1]?.webSocket.terminate();
    } finally {
      await server.close();
    }
  }).timeout(8_000);
});
