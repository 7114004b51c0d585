/** A server of embeddings, beside what it should answer and what it should not. */
import { expect } from 'chai';
import { OpenAiCompatibleEmbedder } from '#adapters/language-model/openai-compatible-embedder.ts';
import { answersWith, embeds, hangs, startEmbeddingServer, vectorOf } from '../../support/model/embedding-server.ts';
import { type ModelServer, refusesWith } from '../../support/model/model-server.ts';

const never = new AbortController().signal;

describe('OpenAiCompatibleEmbedder', () => {
  let server: ModelServer;
  before(async () => {
    server = await startEmbeddingServer();
  });
  after(() => server.close());

  const embedder = (apiKey: string | null = null, baseUrl = server.url) =>
    new OpenAiCompatibleEmbedder({ baseUrl, model: 'words', apiKey });
  const embed = (signal = never) => embedder().embed(['a door', 'a wall'], signal);

  it('returns a vector for each text, in the order in which they were given', async () => {
    server.will(embeds());
    const vectors = ['a door', 'a wall'].map((text) => Float32Array.from(vectorOf(text)));
    expect(await embedder('sk-1').embed(['a door', 'a wall'], never)).to.deep.equal({ kind: 'vectors', vectors });
    const { path, headers, body } = server.asked.at(-1)!;
    expect([path, headers.authorization]).to.deep.equal(['/v1/embeddings', 'Bearer sk-1']);
    expect(body).to.deep.equal({ model: 'words', input: ['a door', 'a wall'] });
    await embedder(null, `${server.url}/`).embed(['a door'], never);
    expect(server.asked.at(-1)!.headers).not.to.have.property('authorization');
    expect(server.asked.at(-1)!.path).to.equal('/v1/embeddings');
  });

  it('says why there are none', async () => {
    const failures = [
      [refusesWith(500), { kind: 'failed', retryAfterSeconds: null }],
      [refusesWith(429, {}, { 'Retry-After': '7' }), { kind: 'limited', retryAfterSeconds: 7 }],
      [refusesWith(401), { kind: 'rejected', retryAfterSeconds: null }],
      [refusesWith(307, {}, { Location: 'http://127.0.0.1:1/' }), { kind: 'rejected', retryAfterSeconds: null }],
      [
        refusesWith(500, { error: 'input is too long: maximum context' }),
        { kind: 'rejected', retryAfterSeconds: null },
      ],
    ] as const;
    for (const [behaviour, failure] of failures) {
      server.will(behaviour);
      expect(await embed()).to.deep.equal(failure);
    }
    server.will(hangs);
    expect(await embed(AbortSignal.timeout(30))).to.include({ kind: 'timed_out' });
    server.will((response) => void response.destroy());
    expect(await embed()).to.include({ kind: 'unreachable' });
  });

  it('takes nothing else for vectors', async () => {
    const of = (...embeddings: readonly unknown[]) => ({
      data: embeddings.map((embedding, index) => ({ index, embedding })),
    });
    const bodies = [
      '',
      'null',
      '<html>',
      '{"data": [{"index": 0, "embedding": [NaN]}]}',
      {},
      { data: 'no' },
      { data: [null, null] },
      of([1, 2]),
      of([1, 2], [1, 2], [1, 2]),
      of([1, 2], [1]),
      of([1, 2], []),
      of([1, 2], [1, null]),
      of([1, 2], ['1', '2']),
      of([1, 2], [0, 0]),
      of([1, 2], [1e300, 1]),
      of([1, 2], 'AACAPw=='),
      {
        data: [
          { index: 0, embedding: [1] },
          { index: 0, embedding: [1] },
        ],
      },
      {
        data: [
          { index: 0, embedding: [1] },
          { index: 2, embedding: [1] },
        ],
      },
      { data: [{ embedding: [1] }, { embedding: [1] }] },
    ];
    for (const body of bodies) {
      server.will(answersWith(body));
      expect(await embed(), JSON.stringify(body)).to.deep.equal({ kind: 'malformed', retryAfterSeconds: null });
    }
  });

  it('reads no answer without an end', async () => {
    server.will((response) => {
      response.writeHead(200);
      const piece = 'x'.repeat(1024 * 1024);
      const more = () => response.write(piece, (error) => error ?? more());
      more();
    });
    expect(await embed()).to.include({ kind: 'malformed' });
    await server.asked.at(-1)!.left;
  });
});
