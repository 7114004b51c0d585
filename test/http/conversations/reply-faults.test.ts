/** Whatever the language model does: a reply that has no whole answer says why, and leaves nothing behind. */
import { expect } from 'chai';
import { RunningReplies } from '#application/conversations/replies/running-replies.ts';
import { REPLY_FAILURES } from '#domain/conversations/replies/reply-failures.ts';
import {
  type Behaviour,
  begin,
  breaksAfter,
  endsWith,
  goesOnWith,
  hangsAfter,
  type ModelServer,
  refusesWith,
  says,
  startModelServer,
  write,
} from '../../support/model/model-server.ts';
import { listenTo } from '../../support/model/reply-listener.ts';
import { type Client, startTestServer, type TestServer } from '../../support/servers/server.ts';
import { until } from '../../support/until.ts';

const API_KEY = 'sk-the-key-of-the-model-server';
const SECRET_WORDS = 'the vault is behind the waterfall';

/** Sends a piece every so often for ever. */
const trickles: Behaviour = (response, { left }) => {
  begin(response);
  const trickle = setInterval(() => write(response, '.'), 5);
  void left.then(() => clearInterval(trickle));
};

/** What the model does, and how the reply ends. */
const FAULTS: readonly (readonly [title: string, behaviour: Behaviour, code: keyof typeof REPLY_FAILURES])[] = [
  ['is silent before its answer', () => {}, 'model_timed_out'],
  ['falls silent in the middle', hangsAfter('The door'), 'model_timed_out'],
  ['trickles for ever', trickles, 'model_timed_out'],
  ['limits its callers', refusesWith(429, {}, { 'Retry-After': '17' }), 'model_limited'],
  ['rejects the key', refusesWith(401, { error: { message: `bad key ${API_KEY}` } }), 'model_rejected'],
  ['leads elsewhere', refusesWith(302, {}, { Location: 'http://127.0.0.1:9/' }), 'model_rejected'],
  ['fails', refusesWith(500, { error: { message: SECRET_WORDS } }), 'model_failed'],
  ['fails in the middle', goesOnWith('data: {"error":{"message":"out of memory"}}\n\n', 'The'), 'model_failed'],
  ['breaks off', breaksAfter('The door'), 'model_interrupted'],
  ['ends without an end', goesOnWith('', 'The door'), 'model_interrupted'],
  ['sends a malformed piece', goesOnWith('data: {"choices":[{"del\n\n', 'The door'), 'model_malformed'],
  ['answers with something else', refusesWith(200, { hello: 'there' }), 'model_malformed'],
  ['calls a tool that there is not', endsWith('tool_calls', 'The door'), 'model_malformed'],
  ['answers nothing', says(), 'answer_empty'],
  ['answers white space', says(' \n', '\t'), 'answer_empty'],
  ['only thinks', says('<think>What is behind the door?'), 'answer_empty'],
  ['answers more than a message may be', says('x'.repeat(1_500), 'x'.repeat(501)), 'answer_too_long'],
  ['reaches its limit', endsWith('length', 'The door'), 'answer_cut_off'],
  ['is held back by a filter', endsWith('content_filter', 'The door'), 'answer_filtered'],
];

describe('HTTP: replies that fail', () => {
  let model: ModelServer;
  let server: TestServer;
  let client: Client;
  let thread: string;

  before(async () => {
    model = await startModelServer();
    server = await startTestServer({
      LLM_BASE_URL: model.url,
      LLM_MODEL: 'narrator-7b',
      LLM_API_KEY: API_KEY,
      LLM_TIMEOUT_MS: '500',
      MESSAGE_MAX_CHARS: '2000',
    });
    client = await server.user();
    thread = (await client.post('/chat', {})).body.id;
    await client.post(`/chat/${thread}`, { content: `We know: ${SECRET_WORDS}.` });
  });
  after(async () => {
    await server.close();
    await model.close();
  });

  const stored = async () =>
    [`/chat/${thread}`, `/chat/${thread}/messages`, `/chat/${thread}/events`].map(
      async (path) => (await client.get(path)).text,
    );

  for (const [title, behaviour, code] of FAULTS) {
    it(`say \`${code}\` and store nothing where the model ${title}`, async () => {
      const before = await Promise.all(await stored());
      const listener = await listenTo(server, thread);
      model.will(behaviour);
      const { status, body } = await client.post(`/chat/${thread}/replies`, {});
      expect(status).to.equal(202);
      const ended = await listener.endOf(body.reply_id);
      expect(ended).to.include({ kind: 'reply.failed', code });
      expect('detail' in ended && ended.detail.startsWith(REPLY_FAILURES[code])).to.equal(true);
      expect(listener.told.map(({ kind }) => kind)).not.to.include('appended');
      expect(await Promise.all(await stored())).to.deep.equal(before);
      await listener.subscription.end();
      await until(() => server.application.container.get(RunningReplies).count === 0, 'the reply is over');
    });
  }

  it('tell when a model that limits its callers wants to be asked again', async () => {
    const listener = await listenTo(server, thread);
    model.will(refusesWith(429, {}, { 'Retry-After': '17' }));
    const { body } = await client.post(`/chat/${thread}/replies`, {});
    const ended = await listener.endOf(body.reply_id);
    expect('detail' in ended && ended.detail).to.include('Try again in 17 seconds.');
    await listener.subscription.end();
  });

  it('are counted and logged with the window’s tokens, without a word of what was said or the key', async () => {
    const { body } = await (await server.admin()).get('/metrics').then(({ text }) => ({ body: text }));
    expect(body).to.match(/tavernkeep_replies_total\{outcome="answer_empty"\} 3\n/);
    expect(body).to.match(/tavernkeep_replies_total\{outcome="model_timed_out"\} 3\n/);
    expect(body).to.match(/tavernkeep_replies_running 0\n/);
    const lines = server.logs.filter((line) => line.includes('"msg":"reply failed"')).map((line) => JSON.parse(line));
    expect(lines.length).to.be.at.least(FAULTS.length);
    expect(lines[0]).to.deep.include({ thread_id: thread, outcome: FAULTS[0]![2], after_tokens: null });
    expect(lines[0].before_tokens).to.be.above(0);
    for (const secret of [SECRET_WORDS, API_KEY, 'The door']) expect(server.logs.join('')).not.to.include(secret);
  });

  it('leave the thread free: the next reply is appended', async () => {
    const listener = await listenTo(server, thread);
    model.will(says('At last.'));
    const { body } = await client.post(`/chat/${thread}/replies`, {});
    expect(await listener.endOf(body.reply_id)).to.include({ kind: 'reply.completed', seq: 2 });
    const isLogged = (line: string) => line.includes('"msg":"reply"');
    const logged = await until(() => server.logs.find(isLogged), 'the reply is logged');
    const line = JSON.parse(logged as string);
    expect(line).to.include({ outcome: 'completed', prompt_tokens: 30, completion_tokens: 4 });
    expect(line.after_tokens).to.be.above(line.before_tokens);
    await listener.subscription.end();
  });
});

describe('HTTP: replies of a server that stops', () => {
  it('fail with `server_stopping`, hold up no stop, and leave nothing behind', async () => {
    const model = await startModelServer(hangsAfter('The door'));
    const server = await startTestServer({ LLM_BASE_URL: model.url, LLM_MODEL: 'narrator-7b' });
    const client = await server.user();
    const { id } = (await client.post('/chat', {})).body;
    await client.post(`/chat/${id}`, { content: 'We open the door.' });
    const listener = await listenTo(server, id);
    const { body } = await client.post(`/chat/${id}/replies`, {});
    await until(() => listener.textOf(body.reply_id) !== '', 'a piece is told');
    await server.close();
    expect(await listener.endOf(body.reply_id)).to.include({ kind: 'reply.failed', code: 'server_stopping' });
    expect(listener.told.map(({ kind }) => kind)).not.to.include('appended');
    await model.close();
  });
});

describe('HTTP: replies without a model', () => {
  it('are refused with 503 `no_model`, which names the settings, once the thread may be read', async () => {
    const server = await startTestServer();
    const client = await server.user();
    const { id } = (await client.post('/chat', {})).body;
    await client.post(`/chat/${id}`, { content: 'We open the door.' });
    const answer = await client.post(`/chat/${id}/replies`, {});
    expect([answer.status, answer.body.code]).to.deep.equal([503, 'no_model']);
    expect(answer.body.detail).to.include('LLM_BASE_URL');
    expect((await (await server.user()).post(`/chat/${id}/replies`, {})).status).to.equal(404);
    await server.close();
  });
});
