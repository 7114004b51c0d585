/** Replies of the language model over HTTP: asked for, told piece by piece, appended once, refused, and cancelled. */
import { expect } from 'chai';
import { holderOf, replyLease } from '#application/conversations/replies/reply-lease.ts';
import { RunningReplies } from '#application/conversations/replies/running-replies.ts';
import type { ThreadId } from '#domain/shared/ids.ts';
import { tokens } from '#infrastructure/wiring/tokens.ts';
import { appendUntilCompaction } from '../../support/builders/long-talk.ts';
import { aThread, newId } from '../../support/builders/records.ts';
import { anAppendChange } from '../../support/builders/window-changes.ts';
import {
  contextExceeded,
  hangsAfter,
  type ModelServer,
  pausing,
  says,
  startModelServer,
} from '../../support/model/model-server.ts';
import { listenTo, type ReplyListener } from '../../support/model/reply-listener.ts';
import { type Answer, type Client, type Json, startTestServer, type TestServer } from '../../support/servers/server.ts';
import { onEveryStore } from '../../support/servers/stores.ts';
import { until } from '../../support/until.ts';

const API_KEY = 'sk-the-key-of-the-model-server';

onEveryStore('HTTP: replies', () => {
  let model: ModelServer;
  let server: TestServer;
  let client: Client;
  let thread: string;
  let listener: ReplyListener;

  before(async () => {
    model = await startModelServer();
    const settings = { LLM_BASE_URL: model.url, LLM_MODEL: 'narrator-7b', LLM_API_KEY: API_KEY };
    server = await startTestServer({ CTX_MAX_TOKENS: '1000', ...settings });
    client = await server.user();
  });
  after(async () => {
    await server.close();
    await model.close();
  });
  beforeEach(async () => {
    model.will(says('The door', ' creaks.'));
    await use((await client.post('/chat', { system_prompt: 'You narrate.' })).body.id);
    await say('We open the door.');
  });
  afterEach(async () => {
    await listener.subscription.end();
    await until(() => server.application.container.get(RunningReplies).count === 0, 'no reply is under way');
  });

  async function use(id: string): Promise<void> {
    thread = id;
    listener = await listenTo(server, id);
  }

  const say = (content: string, fields: object = {}) => client.post(`/chat/${thread}`, { content, ...fields });
  const ask = (by: Client = client) => by.post(`/chat/${thread}/replies`, {});
  const cancel = (id: string, by: Client = client) => by.delete(`/chat/${thread}/replies/${id}`);
  const messages = async (): Promise<Json[]> => (await client.get(`/chat/${thread}/messages`)).body.items;
  const refused = ({ status, body }: Answer) => [status, body.code];
  const refusedAs = async (answer: Promise<Answer>) => refused(await answer);

  async function begun(by?: Client): Promise<string> {
    const { status, body, text } = await ask(by);
    expect(status, text).to.equal(202);
    return body.reply_id;
  }

  async function game(...players: readonly Client[]): Promise<Readonly<{ id: string; gm: Client; userIds: string[] }>> {
    const gm = await server.user('gm');
    const { id } = (await gm.post('/games', { name: 'Vox Machina' })).body;
    const userIds = await Promise.all(players.map(async (one) => (await one.get('/auth/me')).body.user.id as string));
    for (const user_id of userIds) await gm.post(`/games/${id}/members`, { user_id, role_in_game: 'player' });
    return { id, gm, userIds };
  }

  describe('POST /chat/{thread}/replies', () => {
    it('answers 202 at once, tells the pieces, and appends the whole once, by nobody, before its end is told', async () => {
      const id = await begun();
      expect(id).to.match(/^rpl_/);
      expect(await listener.endOf(id)).to.deep.equal({ kind: 'reply.completed', replyId: id, seq: 2 });
      expect(listener.textOf(id)).to.equal('The door creaks.');
      const kinds = listener.told.map(({ kind }) => kind).filter((kind) => kind !== 'reply.delta');
      expect(kinds).to.deep.equal(['appended', 'appended', 'reply.completed']);
      const [asked, answered, ...others] = await messages();
      expect([asked.seq, others]).to.deep.equal([1, []]);
      expect(answered).to.deep.include({
        seq: 2,
        role: 'assistant',
        author_id: null,
        content: 'The door creaks.',
        metadata: { reply_id: id },
      });
    });

    it('sends the window: the system prompt first, then what was said, summaries as quotations', async () => {
      const summarised = async () => {
        await appendUntilCompaction(client, thread);
        const { entries } = (await client.get(`/chat/${thread}`)).body;
        return entries.some((entry: Json) => entry.kind === 'summary') && entries;
      };
      const entries = await until(summarised, 'a compaction leads to a summary');
      await listener.endOf(await begun());
      const { headers, body } = model.asked.at(-1)!;
      expect([headers.authorization, body.model]).to.deep.equal([`Bearer ${API_KEY}`, 'narrator-7b']);
      const [system, ...said] = body.messages;
      expect([system!.role, system!.content.slice(0, 14)]).to.deep.equal(['system', 'You narrate.\n\n']);
      const summary = entries.find((entry: Json) => entry.kind === 'summary');
      const quoted = `Record of messages ${summary.from_seq}-${summary.to_seq}:\n> ${summary.content.replaceAll('\n', '\n> ')}`;
      expect(said[0]!.role).to.equal('user');
      expect(said[0]!.content.startsWith(quoted)).to.equal(true);
      expect(said.map(({ content }) => content).join('\n')).to.include(entries.at(-1).content);
    });

    it('compacts like any other append where the answer would reach the trigger', async () => {
      const answer = 'The corridor goes on and on. '.repeat(60);
      model.will(says(answer));
      for (let i = 0; i < 7; i += 1) await say(`Room ${i}: ${'dust and bones and silence. '.repeat(10)}`);
      expect((await client.get(`/chat/${thread}/context-usage`)).body.revision).to.equal(0);
      const ended = await listener.endOf(await begun());
      expect(ended).to.include({ kind: 'reply.completed' });
      const { entries, usage } = (await client.get(`/chat/${thread}`)).body;
      expect(usage.revision).to.equal(1);
      expect(usage.usage_pct).to.be.at.most(60);
      expect(entries.at(-1)).to.include({ kind: 'message', content: answer });
    });

    it('compacts once and asks once more where the model finds the conversation too long', async () => {
      for (let i = 0; i < 8; i += 1) await say(`Room ${i}: ${'dust and bones and silence. '.repeat(10)}`);
      model.will(contextExceeded, says('A door.'));
      const asked = model.asked.length;
      expect(await listener.endOf(await begun())).to.include({ kind: 'reply.completed' });
      expect(model.asked.length - asked).to.equal(2);
      const lengths = model.asked.slice(-2).map(({ body }) => JSON.stringify(body.messages).length);
      expect(lengths[1]).to.be.below(lengths[0]!);
      const { items } = (await client.get(`/chat/${thread}/events`)).body;
      expect(items.map(({ kind, trigger, by }: Json) => [kind, trigger, by])).to.deep.equal([
        ['compacted', 'auto', null],
      ]);
    });

    it('gives up where the conversation is too long even so, and where there is nothing to compact', async () => {
      model.will(contextExceeded);
      const [asked, code] = [model.asked.length, 'context_length_exceeded'];
      expect(await listener.endOf(await begun())).to.include({ kind: 'reply.failed', code });
      expect(model.asked.length - asked).to.equal(1);
      for (let i = 0; i < 8; i += 1) await say(`Room ${i}: ${'dust and bones and silence. '.repeat(10)}`);
      expect(await listener.endOf(await begun())).to.include({ kind: 'reply.failed', code });
      expect(model.asked.length - asked).to.equal(3);
      expect((await messages()).every(({ role }) => role === 'user')).to.equal(true);
    });

    it('answers 409 `reply_in_progress` while another is under way, in other threads 202', async () => {
      const { behaviour, goOn } = pausing('The door', ' creaks.');
      model.will(behaviour);
      const [id, first] = [await begun(), thread];
      expect(await refusedAs(ask())).to.deep.equal([409, 'reply_in_progress']);
      const former = listener;
      await use((await client.post('/chat', {})).body.id);
      await say('Elsewhere.');
      goOn();
      expect(await listener.endOf(await begun())).to.include({ kind: 'reply.completed' });
      expect(await former.endOf(id)).to.include({ kind: 'reply.completed' });
      thread = first;
      expect(await messages()).to.have.length(2);
    });

    it('answers 503 `replies_busy` with Retry-After to a user for whom three replies are under way, not to others', async () => {
      model.will(hangsAfter('Hm'));
      const other = await server.user();
      const running: [string, string][] = [];
      for (let i = 0; i < 3; i += 1) {
        thread = (await client.post('/chat', {})).body.id;
        await say('And here?');
        running.push([thread, await begun()]);
      }
      thread = (await client.post('/chat', {})).body.id;
      await say('And here?');
      const answer = await ask();
      expect(refused(answer)).to.deep.equal([503, 'replies_busy']);
      expect(answer.headers.get('retry-after')).to.match(/^\d+$/);
      const { id } = (await other.post('/chat', {})).body;
      await other.post(`/chat/${id}`, { content: 'And I?' });
      const { status, body } = await other.post(`/chat/${id}/replies`, {});
      expect(status).to.equal(202);
      expect((await other.delete(`/chat/${id}/replies/${body.reply_id}`)).status).to.equal(204);
      for (const [started, replyId] of running)
        expect((await client.delete(`/chat/${started}/replies/${replyId}`)).status).to.equal(204);
    });

    it('answers 409 to a thread in which nothing was said or that is archived, 404 to who may not read it', async () => {
      expect(await refusedAs(ask(await server.user()))).to.deep.equal([404, 'thread_not_found']);
      thread = (await client.post('/chat', {})).body.id;
      expect(await refusedAs(ask())).to.deep.equal([409, 'nothing_to_answer']);
      const ownerId = (await client.get('/auth/me')).body.user.id;
      const archived = aThread(ownerId, { archived: true, lastSeq: 1 });
      await server.application.container.get(tokens.unitOfWork).run(({ threads }) => threads.add(archived));
      thread = archived.id;
      expect(await refusedAs(ask())).to.deep.equal([409, 'archived']);
    });

    it('appends nothing where who asked has left the game meanwhile', async () => {
      const player = await server.user();
      const { id, gm, userIds } = await game(player, client);
      await use((await client.post('/chat', { game_id: id })).body.id);
      await say('We wait.');
      const { behaviour, goOn } = pausing('The door', ' creaks.');
      model.will(behaviour);
      const replyId = await begun(player);
      expect((await gm.delete(`/games/${id}/members/${userIds[0]}`)).status).to.equal(204);
      goOn();
      expect(await listener.endOf(replyId)).to.include({ kind: 'reply.failed', code: 'thread_not_found' });
      expect(await messages()).to.have.length(1);
    });

    it('goes on where the session of who asked has ended: the reply is the thread’s', async () => {
      const { behaviour, goOn } = pausing('The door', ' creaks.');
      model.will(behaviour);
      const again = await server.user();
      const { id } = (await again.post('/chat', {})).body;
      await again.post(`/chat/${id}`, { content: 'And then?' });
      await use(id);
      const replyId = await begun(again);
      expect((await again.post('/auth/logout-all')).status).to.equal(200);
      goOn();
      expect(await listener.endOf(replyId)).to.include({ kind: 'reply.completed', seq: 2 });
    });
  });

  describe('DELETE /chat/{thread}/replies/{reply_id}', () => {
    it('answers 204, leaves the model, appends nothing, and the next reply may begin at once', async () => {
      model.will(hangsAfter('The door'));
      const id = await begun();
      await until(() => listener.textOf(id) !== '', 'a piece is told');
      expect((await cancel(id)).status).to.equal(204);
      expect(await listener.endOf(id)).to.include({ kind: 'reply.failed', code: 'cancelled' });
      await model.asked.at(-1)?.left;
      expect(await messages()).to.have.length(1);
      model.will(says('The door creaks.'));
      expect(await listener.endOf(await begun())).to.include({ kind: 'reply.completed', seq: 2 });
    });

    it('lets nothing be appended afterwards, even by a process that does not hear of it', async () => {
      const { container } = server.application;
      const [threadId, id] = [thread as ThreadId, newId('reply')];
      const reply = { id, askedBy: (await client.get('/auth/me')).body.user.id };
      await container.get(tokens.conversations).beginReply(threadId, id);
      await container.get(tokens.leases).hold(replyLease(threadId), holderOf(reply), 60_000);
      expect((await cancel(id)).status).to.equal(204);
      const { version = 0 } = (await container.get(tokens.threads).find(threadId)) ?? {};
      const late = anAppendChange(threadId, { reply, pinned: false, ifVersion: version, ifLastSeq: 1 });
      expect(await container.get(tokens.conversations).commit(late)).to.equal(undefined);
      expect(await messages()).to.have.length(1);
    });

    it('answers 404 to a reply that has ended, was cancelled, is another thread’s, or never was', async () => {
      const ended = await begun();
      await listener.endOf(ended);
      expect(await refusedAs(cancel(ended))).to.deep.equal([404, 'reply_not_found']);
      expect(await refusedAs(cancel('nonsense'))).to.deep.equal([404, 'reply_not_found']);
      model.will(hangsAfter());
      const [id, first] = [await begun(), thread];
      thread = (await client.post('/chat', {})).body.id;
      expect(await refusedAs(cancel(id))).to.deep.equal([404, 'reply_not_found']);
      expect(await refusedAs(cancel(id, await server.user()))).to.deep.equal([404, 'thread_not_found']);
      thread = first;
      expect((await cancel(id)).status).to.equal(204);
      expect(await refusedAs(cancel(id))).to.deep.equal([404, 'reply_not_found']);
    });

    it('answers 403 `thread_not_yours` to members who did not ask, and 204 to the game’s GMs', async () => {
      const [player, other] = [await server.user(), await server.user()];
      const { id, gm } = await game(player, other, client);
      await use((await client.post('/chat', { game_id: id })).body.id);
      await say('We wait.');
      model.will(hangsAfter());
      const replyId = await begun(player);
      expect(await refusedAs(cancel(replyId, other))).to.deep.equal([403, 'thread_not_yours']);
      expect((await cancel(replyId, gm)).status).to.equal(204);
      expect(await listener.endOf(replyId)).to.include({ code: 'cancelled' });
      const own = await begun(player);
      expect((await cancel(own, player)).status).to.equal(204);
    });
  });
});
