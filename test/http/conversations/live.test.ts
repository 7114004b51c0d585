/** A conversation that is followed by server-sent events: what is told, from where on, and how many may follow. */
import { expect } from 'chai';
import { ThreadFeeds } from '#application/conversations/live/thread-feeds.ts';
import { tokens } from '#infrastructure/wiring/tokens.ts';
import { appendUntilCompaction } from '../../support/builders/long-talk.ts';
import { Scraped } from '../../support/metrics/scraped.ts';
import { EventStream } from '../../support/servers/event-stream.ts';
import { type Client, startTestServer, type TestServer } from '../../support/servers/server.ts';
import { onEveryStore } from '../../support/servers/stores.ts';
import { until } from '../../support/until.ts';

onEveryStore('HTTP: a conversation that is followed', () => {
  let server: TestServer;
  let client: Client;
  let thread: string;
  const opened: EventStream[] = [];

  before(async () => {
    server = await startTestServer({ CTX_MAX_TOKENS: '2000', LIVE_STREAMS_PER_USER: '3' });
  });
  after(() => server.close());
  beforeEach(async () => {
    client = await server.user('player', 'developer');
    thread = (await client.post('/chat', {})).body.id;
  });

  const feeds = () => server.application.container.get(ThreadFeeds);
  const say = (content: string) => client.post(`/chat/${thread}`, { content });
  async function open(by: Client, headers: Record<string, string> = {}, query = ''): Promise<EventStream> {
    const stream = await EventStream.open(server.url, by, thread, headers, query);
    opened.push(stream);
    return stream;
  }
  const follow = (lastEventId?: string, by = client) =>
    open(by, lastEventId === undefined ? {} : { 'Last-Event-ID': lastEventId });
  const noMoreFollow = () => until(() => feeds().followers === 0, 'nobody follows any more');
  afterEach(async () => {
    for (const stream of opened.splice(0)) stream.leave();
    await noMoreFollow();
  });

  it('is told as an event stream that no proxy holds back: usage first, then each message with the usage after it', async () => {
    await say('One.');
    const stream = await follow();
    expect(stream.response.headers).to.include({
      'content-type': 'text/event-stream',
      'cache-control': 'no-store, no-transform',
      'x-accel-buffering': 'no',
    });
    await stream.has(1, 'usage');
    const appended = (await say('Two.')).body;
    await stream.has(2, 'usage');
    expect(stream.events.map(({ event, id }) => [event, id])).to.deep.equal([
      ['usage', '1.0'],
      ['message', '2.0'],
      ['usage', '2.0'],
    ]);
    expect(stream.of('message')[0]?.data).to.deep.equal(appended.message);
    expect(stream.events.at(-1)?.data).to.deep.equal(appended.usage);
    expect(stream.retries[0]).to.be.within(1_000, 3_000);
  });

  it('tells a compaction before the message that it made room for, and one by hand with the usage after it', async () => {
    const stream = await follow();
    const { compaction, message, usage } = await appendUntilCompaction(client, thread);
    await stream.has(1, 'compaction');
    await until(() => stream.seqs.at(-1) === message.seq && stream.events.at(-1)?.event === 'usage', 'the message');
    const [told, said, after] = stream.events.slice(-3);
    expect([told?.event, told?.data]).to.deep.equal(['compaction', compaction]);
    expect([said?.event, said?.data, said?.id]).to.deep.equal(['message', message, `${message.seq}.1`]);
    expect([after?.event, after?.data]).to.deep.equal(['usage', usage]);
    const byHand = (await client.post(`/chat/${thread}/compact-now`, {})).body;
    await stream.has(2, 'compaction');
    await until(() => stream.events.at(-1)?.event === 'usage', 'the usage');
    expect(stream.of('compaction').at(-1)?.data).to.deep.equal(byHand.event);
    expect(stream.events.at(-1)).to.deep.include({ id: `${message.seq}.2`, data: byHand.usage });
    expect(stream.seqs).to.deep.equal(stream.seqs.map((_, i) => i + 1));
  });

  it('tells the usage after a pin, and an undo as what happened to the window', async () => {
    const stream = await follow();
    const { message } = await appendUntilCompaction(client, thread);
    await stream.has(1, 'compaction');
    const pinned = (await client.put(`/chat/${thread}/messages/${message.seq}/pin`, undefined)).body;
    await until(() => stream.lastEventId === `${message.seq}.2`, 'the pin');
    expect(stream.events.at(-1)).to.deep.include({ event: 'usage', data: pinned.usage });
    const undone = (await client.post(`/chat/${thread}/compactions/1/undo`)).body;
    await stream.has(2, 'compaction');
    expect(stream.of('compaction').at(-1)?.data).to.deep.equal(undone.event);
    expect(undone.event.kind).to.equal('undone');
  });

  it('goes on after the last event that a client has: what it missed, once and in order, then the usage', async () => {
    const first = await follow();
    await say('One.');
    await first.has(1, 'message');
    await first.has(2, 'usage');
    first.leave();
    for (const content of ['Two.', 'Three.']) await say(content);
    const second = await follow(first.lastEventId);
    await second.has(1, 'usage');
    expect(second.events.map(({ event, id }) => [event, id])).to.deep.equal([
      ['message', '2.0'],
      ['message', '3.0'],
      ['usage', '3.0'],
    ]);
    await say('Four.');
    await second.has(2, 'usage');
    expect(second.seqs).to.deep.equal([2, 3, 4]);
  });

  it('goes on from `last_event_id` for who can send no header, which wins', async () => {
    for (const content of ['One.', 'Two.', 'Three.']) await say(content);
    const byQuery = await open(client, {}, '?last_event_id=1.0');
    const byHeader = await open(client, { 'Last-Event-ID': '2.0' }, '?last_event_id=1.0');
    await byQuery.has(1, 'usage');
    await byHeader.has(1, 'usage');
    expect([byQuery.seqs, byHeader.seqs]).to.deep.equal([[2, 3], [3]]);
  });

  for (const [what, id] of [
    ['is of no event', 'yesterday'],
    ['the thread has not come to', '7.0'],
    ['is of a version that the thread has not come to', '1.9'],
  ] as const) {
    it(`says "reset", and goes on from now, where the last event ${what}`, async () => {
      await say('One.');
      const stream = await follow(id);
      await say('Two.');
      await stream.has(1, 'message');
      expect(stream.events[0]).to.deep.equal({ event: 'reset', id: '1.0', data: { last_seq: 1 } });
      expect(stream.events[1]).to.include({ event: 'usage', id: '1.0' });
      expect(stream.seqs).to.deep.equal([2]);
    });
  }

  it('says "reset" where more than 200 messages were missed, and tells 200 of them', async () => {
    for (let n = 1; n <= 201; n += 1) await say(`${n}`);
    const late = await follow('0.0');
    await late.has(1, 'usage');
    expect(late.events.map(({ event }) => event)).to.deep.equal(['reset', 'usage']);
    late.leave();
    const inTime = await follow('1.0');
    await inTime.has(200, 'message');
    expect(inTime.seqs).to.deep.equal(Array.from({ length: 200 }, (_, i) => i + 2));
  }).timeout(60_000);

  it('is followed by API token, and told to every follower as to the one', async () => {
    const bearer = server.client();
    bearer.bearer = await server.token(client, 'chat.use');
    const streams = [await follow(), await follow(undefined, bearer)];
    await say('One.');
    for (const stream of streams) await stream.has(1, 'message');
    expect(streams[0]?.of('message')).to.deep.equal(streams[1]?.of('message'));
  });

  it('hands on what replies tell, without an id', async () => {
    const stream = await follow();
    await stream.has(1, 'usage');
    const bus = server.application.container.get(tokens.events);
    const replyId = 'rpl_1' as never;
    await bus.publish(thread, { kind: 'reply.delta', replyId, text: 'The door ' });
    await say('The door opens.');
    await bus.publish(thread, { kind: 'reply.completed', replyId, seq: 1 });
    await bus.publish(thread, { kind: 'reply.failed', replyId, code: 'time_out', detail: 'Too late.' });
    await stream.has(1, 'reply.failed');
    expect(stream.events.map(({ event, id }) => [event, id])).to.deep.equal([
      ['usage', '0.0'],
      ['reply.delta', '0.0'],
      ['message', '1.0'],
      ['usage', '1.0'],
      ['reply.completed', '1.0'],
      ['reply.failed', '1.0'],
    ]);
    expect(stream.of('reply.delta')[0]?.data).to.deep.equal({ reply_id: replyId, text: 'The door ' });
  });

  it('is followed by so many of a user’s streams and no more: 409, until one of them is left', async () => {
    const streams = await Promise.all([follow(), follow(), follow()]);
    const refused = await client.get(`/chat/${thread}/live`);
    expect(refused.body).to.include({ status: 409, code: 'live_streams_full', max_streams: 3 });
    expect((await (await server.user()).get('/chat')).status).to.equal(200);
    streams[0]?.leave();
    await until(() => feeds().followers === 2, 'one has left');
    expect((await follow()).response.statusCode).to.equal(200);
    expect((await client.get(`/chat/${thread}/live`)).status).to.equal(409);
  });

  it('lets no more follow than may where all come at once', async () => {
    const answers = await Promise.all(Array.from({ length: 12 }, () => follow()));
    const statuses = answers.map(({ response }) => response.statusCode);
    expect(statuses.filter((status) => status === 200).length).to.equal(3);
    expect(statuses.filter((status) => status === 409).length).to.equal(9);
  });

  it('has no place for who asks for the head alone', async () => {
    const answer = await client.send('HEAD', `/chat/${thread}/live`, undefined);
    expect([answer.status, answer.headers.get('content-type')]).to.deep.equal([200, 'text/event-stream']);
    await noMoreFollow();
  });

  it('is told what no event told, and told it once, at the next refresh', async () => {
    const stream = await follow();
    await stream.has(1, 'usage');
    const bus = server.application.container.get(tokens.events);
    const { publish } = bus;
    bus.publish = async () => undefined;
    try {
      await say('One.');
      await say('Two.');
    } finally {
      bus.publish = publish;
    }
    await feeds().refresh();
    await stream.has(2, 'message');
    await say('Three.');
    await stream.has(3, 'message');
    expect(stream.seqs).to.deep.equal([1, 2, 3]);
  });

  it('is counted: streams that are open, events, and why streams were closed', async () => {
    const value = async (name: string, labels: Record<string, string>) =>
      new Scraped((await server.client().get('/metrics')).text).value(name, labels) ?? 0;
    const gone = { transport: 'sse', why: 'client_gone' };
    const before = [
      await value('tavernkeep_live_events_total', { event: 'message' }),
      await value('tavernkeep_live_streams_closed_total', gone),
    ] as const;
    await noMoreFollow();
    const streams = [await follow(), await follow()];
    expect(await value('tavernkeep_live_streams', { transport: 'sse' })).to.equal(2);
    await say('One.');
    for (const stream of streams) await stream.has(1, 'message');
    expect(await value('tavernkeep_live_events_total', { event: 'message' })).to.equal(before[0] + 2);
    for (const stream of streams) stream.leave();
    await noMoreFollow();
    expect(await value('tavernkeep_live_streams', { transport: 'sse' })).to.equal(0);
    expect(await value('tavernkeep_live_streams_closed_total', gone)).to.equal(before[1] + 2);
  });
});
