/** Asks any server that speaks OpenAI's protocol for embeddings. */
import type { Embedder, Embedding, FailedEmbedding } from '#application/retrieval/embedding/embedder.ts';
import { MAX_DIMENSION } from '#domain/retrieval/finding/dot-products.ts';
import type { Vector } from '#domain/retrieval/finding/vectors.ts';
import { failureOf } from './failed-responses.ts';

export type EmbedderSettings = Readonly<{
  /** Such as `https://api.openai.com/v1`. */
  baseUrl: string;
  model: string;
  /** Null where the server wants none. */
  apiKey: string | null;
}>;

/** A number of a vector takes some twenty bytes. */
const MAX_BYTES = 16 * 1024 * 1024;

export class OpenAiCompatibleEmbedder implements Embedder {
  readonly model: string;
  readonly #settings: EmbedderSettings;

  constructor(settings: EmbedderSettings) {
    this.#settings = settings;
    this.model = settings.model;
  }

  async embed(texts: readonly string[], signal: AbortSignal): Promise<Embedding> {
    const leaving = new AbortController();
    try {
      const response = await this.#send(texts, AbortSignal.any([signal, leaving.signal]));
      if (!response.ok) return failedAs(await failureOf(response));
      const body = await wholeOf(response);
      const vectors = body === undefined ? undefined : vectorsIn(body, texts.length);
      return vectors === undefined ? failed('malformed') : { kind: 'vectors', vectors };
    } catch (error) {
      if (signal.aborted) return failed('timed_out');
      return failed(error instanceof TypeError ? 'unreachable' : 'failed');
    } finally {
      // Nobody reads on: the connection is closed, and the server need not go on.
      leaving.abort();
    }
  }

  #send(input: readonly string[], signal: AbortSignal): Promise<Response> {
    const { baseUrl, model, apiKey } = this.#settings;
    return fetch(`${baseUrl.replace(/\/+$/, '')}/embeddings`, {
      method: 'POST',
      headers: {
        'Content-Type': 'application/json',
        Accept: 'application/json',
        ...(apiKey !== null && { Authorization: `Bearer ${apiKey}` }),
      },
      body: JSON.stringify({ model, input }),
      // Whoever answers elsewhere would be sent the texts, and the key: it counts as a rejection.
      redirect: 'manual',
      signal,
    });
  }
}

function failed(kind: FailedEmbedding['kind'], retryAfterSeconds: number | null = null): FailedEmbedding {
  return { kind, retryAfterSeconds };
}

function failedAs({ kind, retryAfterSeconds }: Awaited<ReturnType<typeof failureOf>>): FailedEmbedding {
  if (kind === 'limited') return failed('limited', retryAfterSeconds);
  // A text that is too long is one that it refuses, with whatever status.
  return failed(kind === 'failed' ? 'failed' : 'rejected');
}

/** Undefined where it is too long. */
async function wholeOf({ body }: Response): Promise<string | undefined> {
  const decoder = new TextDecoder();
  let [text, bytes] = ['', 0];
  for await (const piece of body ?? []) {
    bytes += piece.length;
    if (bytes > MAX_BYTES) return undefined;
    text += decoder.decode(piece, { stream: true });
  }
  return text;
}

/** In the order of their indexes; undefined where it is not what was asked for. */
function vectorsIn(body: string, count: number): readonly Vector[] | undefined {
  const data = dataIn(body);
  if (data?.length !== count) return undefined;
  const vectors = new Array<Vector | undefined>(count);
  for (const { index, embedding } of data as readonly Readonly<{ index?: unknown; embedding?: unknown }>[])
    if (Number.isInteger(index) && isVector(embedding)) vectors[index as number] = Float32Array.from(embedding);
  const dimension = vectors[0]?.length;
  const isWhole = vectors.length === count && Array.from(vectors).every((vector) => vector?.length === dimension);
  return isWhole && dimension !== undefined ? (vectors as Vector[]) : undefined;
}

function dataIn(body: string): readonly object[] | undefined {
  try {
    const { data } = JSON.parse(body) as { data?: unknown };
    return Array.isArray(data) && data.every((one) => typeof one === 'object' && one !== null) ? data : undefined;
  } catch {
    return undefined;
  }
}

/** Numbers of which not all are 0: it points somewhere. */
function isVector(embedding: unknown): embedding is readonly number[] {
  if (!Array.isArray(embedding) || embedding.length === 0 || embedding.length > MAX_DIMENSION) return false;
  const isNumber = (value: unknown) => typeof value === 'number' && Number.isFinite(Math.fround(value));
  return embedding.every(isNumber) && embedding.some((value: number) => Math.fround(value) !== 0);
}
