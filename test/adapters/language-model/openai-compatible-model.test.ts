/** Asking a server that speaks OpenAI's protocol: what is sent, what is read, and how every fault of it ends. */
import { expect } from 'chai';
import { OpenAiCompatibleModel } from '#adapters/language-model/openai-compatible-model.ts';
import type { Completion, CompletionRequest } from '#application/conversations/language-model.ts';
import {
  type Behaviour,
  begin,
  breaksAfter,
  contextExceeded,
  endsWith,
  goesOnWith,
  hangsAfter,
  type ModelServer,
  refusesWith,
  says,
  startModelServer,
  write,
} from '../../support/model/model-server.ts';

const API_KEY = 'sk-not-to-be-seen-anywhere';
const messages = [
  { role: 'system', content: 'You narrate.' },
  { role: 'user', content: 'We open the door. 🐉' },
] as const;

describe('OpenAiCompatibleModel', () => {
  let server: ModelServer;
  let pieces: string[];

  beforeEach(async () => {
    server = await startModelServer();
    pieces = [];
  });
  afterEach(() => server.close());

  function ask(fields: Partial<CompletionRequest> = {}, settings: { timeoutMs?: number; baseUrl?: string } = {}) {
    const model = new OpenAiCompatibleModel({
      baseUrl: server.url,
      model: 'narrator-7b',
      apiKey: API_KEY,
      timeoutMs: 10_000,
      ...settings,
    });
    const { signal } = new AbortController();
    return model.complete({ messages, maxChars: 1_000, signal, onText: (piece) => pieces.push(piece), ...fields });
  }

  async function endOf(behaviour: Behaviour, fields: Partial<CompletionRequest> = {}): Promise<Completion['kind']> {
    server.will(behaviour);
    return (await ask(fields)).kind;
  }

  it('sends the model, the messages and the key, and hands on the pieces as they come', async () => {
    server.will(says('The door', ' creaks. ', '🐉'));
    expect(await ask()).to.deep.equal({
      kind: 'answer',
      text: 'The door creaks. 🐉',
      finishReason: 'stop',
      usage: { promptTokens: 30, completionTokens: 4 },
    });
    expect(pieces).to.deep.equal(['The door', ' creaks. ', '🐉']);
    const { path, headers, body } = server.asked[0]!;
    expect(path).to.equal('/v1/chat/completions');
    expect(headers.authorization).to.equal(`Bearer ${API_KEY}`);
    expect(body).to.deep.include({ model: 'narrator-7b', stream: true, messages });
  });

  it('takes a base address with a slash at its end, and a server that wants no key and tells no usage', async () => {
    server.will(goesOnWith('data: {"choices":[{"delta":{"content":"Aye."},"finish_reason":"stop"}]}\n\n'));
    const model = new OpenAiCompatibleModel({ baseUrl: `${server.url}/`, model: 'm', apiKey: null, timeoutMs: 9_000 });
    const { signal } = new AbortController();
    expect(await model.complete({ messages, maxChars: 9, signal })).to.deep.include({ text: 'Aye.', usage: null });
    expect(server.asked[0]).to.deep.include({ path: '/v1/chat/completions' });
    expect(server.asked[0]?.headers).not.to.have.property('authorization');
  });

  it('tells an answer at its limit, and one that a filter holds back, from a whole one', async () => {
    for (const [sent, finishReason] of [
      ['length', 'length'],
      ['content_filter', 'content_filter'],
      ['tool_calls', 'other'],
    ] as const) {
      server.will(endsWith(sent, 'The door'));
      expect(await ask()).to.deep.include({ kind: 'answer', finishReason });
    }
  });

  it('puts characters together that pieces of the stream cut apart, and leaves out what no text may hold', async () => {
    server.will(async (response) => {
      begin(response);
      for (const byte of Buffer.from('data: {"choices":[{"delta":{"content":"né 🐉"},"finish_reason":"stop"}]}\n\n')) {
        await new Promise((resolve) => response.write(Buffer.of(byte), resolve));
      }
      response.end();
    });
    expect(await ask()).to.deep.include({ text: 'né 🐉' });
    server.will(says('a\u0000b', '\ud83d'));
    expect(await ask()).to.deep.include({ text: 'ab\ufffd' });
  });

  it('holds back what the model thinks aloud, wherever its marks are cut apart', async () => {
    server.will(says('\n<th', 'ink>Who is <b>Grog</b>', '?</thi', 'nk>\n\nGrog', ' nods. <think>'));
    expect(await ask()).to.deep.include({ text: 'Grog nods. <think>' });
    expect(pieces.join('')).to.equal('Grog nods. <think>');
    server.will(says('<think>Still thinking'));
    expect(await ask()).to.deep.include({ kind: 'answer', text: '' });
    server.will(says('<thi'));
    expect(await ask()).to.deep.include({ kind: 'answer', text: '<thi' });
  });

  it('ends where nobody answers, where the stream breaks off, and where it ends without an end', async () => {
    const gone = await startModelServer();
    await gone.close();
    expect((await ask({}, { baseUrl: gone.url })).kind).to.equal('unreachable');
    expect(await endOf(breaksAfter('The door'))).to.equal('interrupted');
    expect(await endOf(goesOnWith('', 'The door'))).to.equal('interrupted');
    expect(await endOf(goesOnWith('data: [DONE]\n\n', 'The door'))).to.equal('interrupted');
  });

  it('ends where the server is silent for too long: before its answer, in the middle, and in an error', async () => {
    for (const behaviour of [
      () => {},
      hangsAfter('The door'),
      ((response) => void response.writeHead(400).write('{')) as Behaviour,
    ]) {
      server.will(behaviour);
      expect((await ask({}, { timeoutMs: 50 })).kind).to.equal('timed_out');
      await server.asked.at(-1)?.left;
    }
  });

  it('ends where the server trickles for ever without being silent', async () => {
    server.will((response, { left }) => {
      begin(response);
      const trickle = setInterval(() => write(response, '.'), 1);
      void left.then(() => clearInterval(trickle));
    });
    expect((await ask({ maxChars: 1_000_000 }, { timeoutMs: 50 })).kind).to.equal('timed_out');
  });

  it('ends where what comes is not the protocol', async () => {
    expect(await endOf(goesOnWith('data: {"choices":[{"delta"\n\n', 'The door'))).to.equal('malformed');
    expect(await endOf(goesOnWith('data: {"choices":"none"}\n\n'))).to.equal('malformed');
    expect(await endOf(refusesWith(200, { choices: [] }))).to.equal('malformed');
    expect(
      await endOf((response) => {
        begin(response);
        response.end(Buffer.of(0xff, 0xfe));
      }),
    ).to.equal('malformed');
  });

  it('ends where more comes than was asked for, in text or in one endless event, and leaves', async () => {
    expect(await endOf(hangsAfter('x'.repeat(1_001)))).to.equal('too_long');
    expect(pieces).to.deep.equal([]);
    await server.asked[0]?.left;
    expect(
      await endOf((response) => {
        begin(response);
        response.write(`data: ${'x'.repeat(5 * 1024 * 1024)}`);
      }),
    ).to.equal('malformed');
  });

  it('tells a prompt that is too long from all other errors, in the words of several servers', async () => {
    expect(await endOf(contextExceeded)).to.equal('context_length_exceeded');
    const llamaCpp = { error: { type: 'exceed_context_size_error', message: 'the request exceeds it' } };
    expect(await endOf(refusesWith(400, llamaCpp))).to.equal('context_length_exceeded');
    const vllm = { message: "This model's maximum context length is 4096 tokens." };
    expect(await endOf(refusesWith(400, vllm))).to.equal('context_length_exceeded');
    const inStream = `data: ${JSON.stringify({ error: { code: 'context_length_exceeded' } })}\n\n`;
    expect(await endOf(goesOnWith(inStream))).to.equal('context_length_exceeded');
    expect(await endOf(refusesWith(400, { error: { message: 'no such parameter' } }))).to.equal('rejected');
    expect(await endOf(refusesWith(401))).to.equal('rejected');
    expect(await endOf(refusesWith(500))).to.equal('failed');
    expect(await endOf(goesOnWith('data: {"error":{"message":"overloaded"}}\n\n', 'The door'))).to.equal('failed');
  });

  it('tells when a server that limits its callers wants to be asked again', async () => {
    server.will(refusesWith(429, {}, { 'Retry-After': '20' }));
    expect(await ask()).to.deep.equal({ kind: 'limited', retryAfterSeconds: 20 });
    server.will(refusesWith(429, {}, { 'Retry-After': 'Thu, 01 Jan 1970 00:00:00 GMT' }));
    expect(await ask()).to.deep.equal({ kind: 'limited', retryAfterSeconds: 0 });
    server.will(refusesWith(429, {}, { 'Retry-After': 'soon' }));
    expect(await ask()).to.deep.equal({ kind: 'limited', retryAfterSeconds: null });
  });

  it('follows no redirect: neither the conversation nor the key goes elsewhere', async () => {
    const elsewhere = await startModelServer(says('I took it.'));
    for (const status of [301, 302, 307, 308])
      expect(await endOf(refusesWith(status, {}, { Location: `${elsewhere.url}/chat/completions` }))).to.equal(
        'rejected',
      );
    expect(elsewhere.asked).to.deep.equal([]);
    await elsewhere.close();
  });

  it('leaves at once where nobody waits any more', async () => {
    const leaving = new AbortController();
    server.will(hangsAfter('The door'));
    const asked = ask({ signal: leaving.signal, onText: () => leaving.abort() });
    expect((await asked).kind).to.equal('aborted');
    await server.asked[0]?.left;
    expect((await ask({ signal: leaving.signal })).kind).to.equal('aborted');
    expect(server.asked).to.have.length(1);
  });
});
