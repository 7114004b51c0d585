/** Replies whose thread is archived or deleted while they are made: they end, say why, and leave nothing behind. */
import { expect } from 'chai';
import { replyLease } from '#application/conversations/replies/reply-lease.ts';
import { RunningReplies } from '#application/conversations/replies/running-replies.ts';
import type { ThreadId } from '#domain/shared/ids.ts';
import { tokens } from '#infrastructure/wiring/tokens.ts';
import { hangsAfter, type ModelServer, pausing, says, startModelServer } from '../../support/model/model-server.ts';
import { listenTo, type ReplyListener } from '../../support/model/reply-listener.ts';
import { type Client, startTestServer, type TestServer } from '../../support/servers/server.ts';
import { onEveryStore } from '../../support/servers/stores.ts';
import { until } from '../../support/until.ts';

onEveryStore('HTTP: replies whose thread is archived or deleted meanwhile', () => {
  let model: ModelServer;
  let server: TestServer;
  let client: Client;
  let thread: ThreadId;
  let listener: ReplyListener;

  before(async () => {
    model = await startModelServer();
    server = await startTestServer({ LLM_BASE_URL: model.url, LLM_MODEL: 'narrator-7b' });
    client = await server.user();
  });
  after(async () => {
    await server.close();
    await model.close();
  });
  beforeEach(async () => {
    thread = (await client.post('/chat', {})).body.id;
    listener = await listenTo(server, thread);
    expect((await client.post(`/chat/${thread}`, { content: 'We open the door.' })).status).to.equal(201);
  });
  afterEach(async () => {
    await listener.subscription.end();
    await until(() => server.application.container.get(RunningReplies).count === 0, 'no reply is under way');
  });

  const ask = () => client.post(`/chat/${thread}/replies`, {});
  const lease = () => server.application.container.get(tokens.leases).findHolder(replyLease(thread));

  /** In the middle of the answer `meanwhile` happens; then the model goes on. Answers with how the reply ended. */
  async function replied(meanwhile: () => Promise<void>) {
    const { behaviour, goOn } = pausing('The door', ' creaks.');
    model.will(behaviour);
    const { status, body, text } = await ask();
    expect(status, text).to.equal(202);
    await until(() => listener.textOf(body.reply_id) === 'The door', 'the answer has begun');
    await meanwhile();
    goOn();
    return listener.endOf(body.reply_id);
  }

  it('end as `archived` where it is archived, store nothing, and leave it free once it is taken out again', async () => {
    const end = await replied(async () => {
      expect((await client.change(`/chat/${thread}`, { archived: true })).status).to.equal(200);
    });
    expect(end).to.include({ kind: 'reply.failed', code: 'archived' });
    expect(await lease()).to.equal(undefined);
    expect((await client.get(`/chat/${thread}/messages`)).body.items).to.have.length(1);
    expect((await client.change(`/chat/${thread}`, { archived: false })).status).to.equal(200);
    model.will(says('The door creaks.'));
    const { reply_id: next } = (await ask()).body;
    expect(await listener.endOf(next)).to.include({ kind: 'reply.completed', seq: 2 });
  });

  it('are appended where it is archived, and taken out again before the answer is whole', async () => {
    const end = await replied(async () => {
      for (const archived of [true, false])
        expect((await client.change(`/chat/${thread}`, { archived })).status).to.equal(200);
    });
    expect(end.kind).to.equal('reply.completed');
  });

  it('end as `thread_not_found` where it is deleted, without the rest of the answer, and store nothing', async () => {
    model.will(hangsAfter('The door'));
    const { reply_id: reply } = (await ask()).body;
    await until(() => listener.textOf(reply) === 'The door', 'the answer has begun');
    expect((await client.delete(`/chat/${thread}`)).status).to.equal(204);
    const end = await listener.endOf(reply);
    expect(end).to.include({ kind: 'reply.failed', code: 'thread_not_found' });
    await model.asked.at(-1)?.left;
    expect(await lease()).to.equal(undefined);
    const stored = await server.application.container
      .get(tokens.conversations)
      .messages(thread, { after: 0, limit: 10 });
    expect(stored.filter(({ role }) => role === 'assistant')).to.deep.equal([]);
    expect((await ask()).status).to.equal(404);
  });
});
