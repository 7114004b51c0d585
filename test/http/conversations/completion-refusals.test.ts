/** Chat completions that are refused, or that the model fails: in the form that clients of OpenAI's API know. */
import { expect } from 'chai';
import type OpenAI from 'openai';
import type { APIError } from 'openai';
import { replyLease } from '#application/conversations/replies/reply-lease.ts';
import { RunningReplies } from '#application/conversations/replies/running-replies.ts';
import type { ThreadId } from '#domain/shared/ids.ts';
import { tokens } from '#infrastructure/wiring/tokens.ts';
import {
  type Behaviour,
  breaksAfter,
  contextExceeded,
  endsWith,
  goesOnWith,
  hangsAfter,
  type ModelServer,
  refusesWith,
  says,
  startModelServer,
} from '../../support/model/model-server.ts';
import { apiErrorOf, openAiClient } from '../../support/model/openai-client.ts';
import { type Client, type Json, startTestServer, type TestServer } from '../../support/servers/server.ts';
import { until } from '../../support/until.ts';

/** What the model does before its first word, and what its client is told. */
const FAULTS: readonly (readonly [title: string, behaviour: Behaviour, status: number, code: string])[] = [
  ['is silent', () => {}, 504, 'model_timed_out'],
  ['limits its callers', refusesWith(429, {}, { 'Retry-After': '17' }), 429, 'model_limited'],
  ['rejects the key', refusesWith(401), 502, 'model_rejected'],
  ['fails', refusesWith(500), 502, 'model_failed'],
  ['breaks off', breaksAfter(), 502, 'model_interrupted'],
  ['answers with something else', refusesWith(200, { hello: 'there' }), 502, 'model_malformed'],
  ['answers nothing', says(), 502, 'answer_empty'],
  ['finds even the compacted window too long', contextExceeded, 400, 'context_length_exceeded'],
];

describe('HTTP: chat completions that are refused', () => {
  let model: ModelServer;
  let server: TestServer;
  let owner: Client;
  let openai: OpenAI;
  let thread: string;

  before(async () => {
    model = await startModelServer();
    const settings = { LLM_BASE_URL: model.url, LLM_MODEL: 'narrator-7b', LLM_TIMEOUT_MS: '500' };
    server = await startTestServer({ ...settings, CTX_MAX_TOKENS: '1000', MESSAGE_MAX_CHARS: '8000' });
    owner = await server.user();
    openai = await openAiClient(server, owner);
  });
  after(async () => {
    await server.close();
    await model.close();
  });
  beforeEach(async () => {
    model.will(says('The door creaks.'));
    thread = (await owner.post('/chat', {})).body.id;
  });
  afterEach(() => until(() => server.application.container.get(RunningReplies).count === 0, 'no reply is under way'));

  const QUESTION = { role: 'user', content: 'We open the door.' } as const;
  const request = (fields: object = {}) => ({ model: `thread:${thread}`, messages: [QUESTION], ...fields });
  const complete = (fields: object = {}, by = openai) =>
    by.chat.completions.create(request(fields) as OpenAI.ChatCompletionCreateParamsNonStreaming);
  const stream = (fields: object = {}) =>
    openai.chat.completions.create({ ...request(fields), stream: true } as OpenAI.ChatCompletionCreateParamsStreaming);
  const seen = ({ status, code, param }: APIError) => [status, code, param];
  const messages = async (): Promise<Json[]> => (await owner.get(`/chat/${thread}/messages`)).body.items;
  const threads = async () => (await owner.get('/chat?limit=200')).body.items.length;

  it('401 `invalid_api_key`, 403, and 404 `model_not_found`, in an object `error` with the request’s id beside it', async () => {
    const bad = openai.withOptions({ apiKey: `tk_${'A'.repeat(60)}` });
    const { status, error, requestID } = await apiErrorOf(complete({}, bad));
    expect([status, error]).to.deep.equal([
      401,
      {
        message: 'You are not signed in. Sign in and try again.',
        type: 'authentication_error',
        param: null,
        code: 'invalid_api_key',
      },
    ]);
    expect(requestID).to.match(/\S/);
    const scoped = openai.withOptions({ apiKey: await server.token(await server.admin(), 'users.read') });
    expect(seen(await apiErrorOf(complete({}, scoped)))).to.deep.equal([403, 'permission_missing', null]);
    const stranger = await openAiClient(server, await server.user());
    expect(seen(await apiErrorOf(complete({}, stranger)))).to.deep.equal([404, 'model_not_found', null]);
    for (const name of ['gpt-4o', 'thread:', 'thread:thr_missing', 'thread:../x', ''])
      expect((await apiErrorOf(complete({ model: name }))).status, name).to.equal(name === '' ? 400 : 404);
    expect(await messages()).to.deep.equal([]);
  });

  it('400 with the name of the field, for what cannot be done', async () => {
    const image = { type: 'image_url', image_url: { url: 'data:' } };
    const bad: readonly (readonly [object, RegExp])[] = [
      [{ n: 2 }, /^n$/],
      [{ tool_choice: 'required' }, /^tool_choice$/],
      [{ temperature: 3 }, /^temperature$/],
      [{ messages: [] }, /^messages$/],
      [{ messages: [{ role: 'user', content: [image] }] }, /^messages\.0\.content/],
      [{ messages: [{ role: 'user', content: 'x'.repeat(8_001) }] }, /^messages\.0$/],
    ];
    for (const [fields, param] of bad) {
      const refused = await apiErrorOf(complete(fields));
      expect([refused.status, refused.code], JSON.stringify(fields).slice(0, 80)).to.deep.equal([400, 'invalid_input']);
      expect(refused.param).to.match(param);
    }
    expect(await messages()).to.deep.equal([]);
  });

  it('409 to a thread that is archived, or in which nothing was said, and to a second completion at a time', async () => {
    const system = [{ role: 'system', content: 'You narrate.' }];
    expect(seen(await apiErrorOf(complete({ messages: system })))).to.deep.equal([409, 'nothing_to_answer', null]);
    expect(seen(await apiErrorOf(complete({ model: 'new', messages: system })))).to.deep.equal([
      409,
      'nothing_to_answer',
      null,
    ]);
    model.will(hangsAfter('The'));
    const asked = model.asked.length;
    const first = apiErrorOf(complete());
    await until(() => model.asked.length > asked, 'the model is asked');
    const second = { messages: [{ role: 'user', content: 'And I?' }] };
    expect(seen(await apiErrorOf(complete(second)))).to.deep.equal([409, 'reply_in_progress', null]);
    expect((await first).code).to.equal('model_timed_out');
    expect((await messages()).map(({ content }) => content)).to.deep.equal(['We open the door.']);
    await owner.patch(`/chat/${thread}`, { archived: true });
    expect(seen(await apiErrorOf(complete()))).to.deep.equal([409, 'archived', null]);
  });

  it('413 for a body over 1 MiB, and for a message that no compaction makes room for: with advice', async () => {
    const large = { messages: [{ role: 'user', content: 'x'.repeat(1024 * 1024) }] };
    expect(seen(await apiErrorOf(complete(large)))).to.deep.equal([413, 'body_too_large', null]);
    const refused = await apiErrorOf(complete({ messages: [{ role: 'user', content: 'x'.repeat(5_000) }] }));
    expect(seen(refused)).to.deep.equal([413, 'context_length_exceeded', null]);
    expect(refused.message).to.match(/tokens/);
    expect(await messages()).to.deep.equal([]);
  });

  it('404 below /v1 where there is nothing, in the same form', async () => {
    const { status, code } = await apiErrorOf(openai.embeddings.create({ model: 'new', input: 'x' }));
    expect([status, code]).to.deep.equal([404, 'route_not_found']);
  });

  for (const [title, behaviour, status, code] of FAULTS) {
    it(`${status} \`${code}\` where the model ${title}: whole and streamed, with what was said stored once`, async () => {
      model.will(behaviour);
      for (const call of [complete, stream]) {
        const refused = await apiErrorOf(call());
        expect(seen(refused)).to.deep.equal([status, code, null]);
        if (code === 'model_limited') expect(refused.headers?.get('retry-after')).to.equal('17');
      }
      expect((await messages()).map(({ content }) => content)).to.deep.equal(['We open the door.']);
      model.will(says('At last.'));
      await complete();
      expect((await messages()).map(({ content }) => content)).to.deep.equal(['We open the door.', 'At last.']);
    });
  }

  it('an error in the stream where the model fails in the middle of its answer, of which nothing is stored', async () => {
    for (const [behaviour, code] of [
      [goesOnWith('data: {"error":{"message":"out of memory"}}\n\n', 'The'), 'model_failed'],
      [breaksAfter('The'), 'model_interrupted'],
      [endsWith('content_filter', 'The'), 'answer_filtered'],
      [endsWith('tool_calls', 'The'), 'model_malformed'],
      [hangsAfter('The'), 'model_timed_out'],
    ] as const) {
      model.will(behaviour);
      let text = '';
      const whole = (async () => {
        for await (const { choices } of await stream()) text += choices[0]?.delta.content ?? '';
      })();
      expect((await apiErrorOf(whole)).code).to.equal(code);
      expect(text, code).to.equal('The');
      expect((await messages()).map(({ content }) => content)).to.deep.equal(['We open the door.']);
    }
  });

  it('400 `answer_filtered` to who waits for the whole', async () => {
    model.will(endsWith('content_filter', 'The door'));
    expect(seen(await apiErrorOf(complete()))).to.deep.equal([400, 'answer_filtered', null]);
  });

  it('409 `cancelled` where somebody cancels the reply, `reply_superseded` where its lease is lost', async () => {
    const slow = await startTestServer({ LLM_BASE_URL: model.url, LLM_MODEL: 'narrator-7b' });
    const own = await slow.user();
    const id = (await own.post('/chat', {})).body.id as ThreadId;
    const client = await openAiClient(slow, own);
    const leases = slow.application.container.get(tokens.leases);
    model.will(hangsAfter('The'));
    const begun = async () => {
      const asked = model.asked.length;
      const refused = apiErrorOf(complete({ model: `thread:${id}` }, client));
      await until(() => model.asked.length > asked, 'the model is asked');
      return { refused, holder: (await leases.findHolder(replyLease(id))) as string };
    };
    const first = await begun();
    const cancelled = await own.delete(`/chat/${id}/replies/${first.holder.split(' ')[0]}`);
    expect([cancelled.status, seen(await first.refused)]).to.deep.equal([204, [409, 'cancelled', null]]);
    const second = await begun();
    await leases.end(replyLease(id), second.holder);
    expect(seen(await second.refused)).to.deep.equal([409, 'reply_superseded', null]);
    await slow.close();
  });

  it('leave no new thread behind where its client has heard nothing of it, and the thread where it has', async () => {
    const before = await threads();
    model.will(refusesWith(500));
    await apiErrorOf(complete({ model: 'new' }));
    await apiErrorOf(stream({ model: 'new' }));
    await apiErrorOf(complete({ model: 'new', messages: [{ role: 'user', content: 'x'.repeat(5_000) }] }));
    expect(await threads()).to.equal(before);
    model.will(breaksAfter('The'));
    const { data, response } = await stream({ model: 'new' }).withResponse();
    await apiErrorOf(
      (async () => {
        for await (const _ of data);
      })(),
    );
    thread = response.headers.get('x-tavernkeep-thread') as string;
    expect(await messages()).to.have.length(1);
  });
});

describe('HTTP: chat completions that are limited, or without a model', () => {
  it('are refused with 429 `rate_limit_exceeded` and Retry-After, and 503 `no_model`', async () => {
    const server = await startTestServer({ RATE_LIMIT_ACTOR_PER_MINUTE: '5' });
    const owner = await server.user();
    const openai = await openAiClient(server, owner);
    const ask = () => apiErrorOf(openai.chat.completions.create({ model: 'new', messages: [] }));
    const noModel = await apiErrorOf(
      openai.chat.completions.create({ model: 'new', messages: [{ role: 'user', content: 'Hello?' }] }),
    );
    expect([noModel.status, noModel.code]).to.deep.equal([503, 'no_model']);
    expect(noModel.message).to.include('LLM_BASE_URL');
    let limited = await ask();
    for (let i = 0; i < 5 && limited.status !== 429; i += 1) limited = await ask();
    expect([limited.status, limited.code]).to.deep.equal([429, 'rate_limit_exceeded']);
    expect(limited.headers?.get('retry-after')).to.match(/^\d+$/);
    await server.close();
  });
});
