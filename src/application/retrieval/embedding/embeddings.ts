/**
 * Has texts embedded, and lets the embedder rest where it fails: nobody waits for one that is away, and it is not asked
 * more often than it says.
 */
import type { Vector } from '#domain/retrieval/finding/vectors.ts';
import type { Clock } from '../../shared/clock.ts';
import { NotNow } from '../../shared/not-now.ts';
import type { Embedder, Embedding, EmbedLog, EmbedPurpose, FailedEmbedding } from './embedder.ts';

const REST_SECONDS = 30;
const LONGEST_REST_SECONDS = 3_600;
/** Somebody waits for an answer: after this it is found by words. */
const QUESTION_TIMEOUT_MS = 2_000;
/** More is not embedded of a text: models read no more, and some refuse it. */
const MAX_CHARACTERS = 8_000;
/** Of a text that is refused, its beginning is tried. */
const SHORT_CHARACTERS = 1_000;
const UNAVAILABLE = 'The embedder takes nothing at the moment.';
/** What nothing is wrong with. */
const PROBE = 'A door.';

type Deps = Readonly<{
  embedder: Embedder;
  log: EmbedLog;
  clock: Clock;
  /** How long some passages may take, in milliseconds. */
  timeoutMs: number;
}>;

export class Embeddings {
  readonly #deps: Deps;
  /** The dimension of what was embedded last for passages, or else for a question. */
  #dimension: number | null = null;
  #restsUntilMs = 0;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  get model(): string {
    return this.#deps.embedder.model;
  }

  /** Null where there is no vector at once, or none that can be compared with those of passages. Never throws. */
  async ofQuestion(question: string): Promise<Vector | null> {
    const { log, timeoutMs } = this.#deps;
    if (this.#restMs() > 0) {
      log.rested('question');
      return null;
    }
    const signal = AbortSignal.timeout(Math.min(timeoutMs, QUESTION_TIMEOUT_MS));
    const embedding = await this.#embed('question', [question], signal);
    if (embedding.kind !== 'vectors') {
      this.#giveUp(embedding);
      return null;
    }
    const [vector] = embedding.vectors as [Vector];
    this.#dimension ??= vector.length;
    if (vector.length === this.#dimension) return vector;
    this.#giveUp({ kind: 'dimension', retryAfterSeconds: null });
    return null;
  }

  /** Whoever asks something that it refuses does not keep it from others. */
  #giveUp(failed: FailedEmbedding): void {
    if (failed.kind === 'rejected' || failed.kind === 'malformed')
      this.#deps.log.failed({ purpose: 'question', failure: failed.kind, restSeconds: 0 });
    else this.#rest('question', failed);
  }

  /** The dimension of its vectors now. Throws as `ofPassages` does. */
  async probe(signal: AbortSignal): Promise<number> {
    const embedding = await this.#ask([PROBE], signal);
    if (embedding.kind !== 'vectors') throw this.#unavailable(embedding);
    this.#dimension = (embedding.vectors[0] as Vector).length;
    return this.#dimension;
  }

  /**
   * Null for what it refuses by itself. Throws `NotNow` where it takes nothing at the moment; and where `signal` is
   * aborted.
   */
  async ofPassages(texts: readonly string[], signal: AbortSignal): Promise<readonly (Vector | null)[]> {
    const cut = texts.map((text) => text.slice(0, MAX_CHARACTERS).toWellFormed());
    const vectors = await this.#vectorsOf(cut, signal);
    const embedded = vectors.filter((vector) => vector !== null).length;
    this.#deps.log.passages({ embedded, refused: texts.length - embedded });
    return vectors;
  }

  async #vectorsOf(texts: readonly string[], signal: AbortSignal): Promise<readonly (Vector | null)[]> {
    const embedding = await this.#ask(texts, signal);
    if (embedding.kind === 'vectors') return this.#known(embedding.vectors);
    if (!isOfTexts(embedding)) throw this.#unavailable(embedding);
    // Is it the texts, or is it the embedder, which refuses whatever it is sent?
    await this.probe(signal);
    return this.#halves(texts, signal);
  }

  /** Of texts that it refuses together. */
  async #halves(texts: readonly string[], signal: AbortSignal): Promise<readonly (Vector | null)[]> {
    const [first = ''] = texts;
    if (texts.length === 1) return first.length > SHORT_CHARACTERS ? this.#parts([[shortened(first)]], signal) : [null];
    const middle = Math.ceil(texts.length / 2);
    return this.#parts([texts.slice(0, middle), texts.slice(middle)], signal);
  }

  async #parts(parts: readonly (readonly string[])[], signal: AbortSignal): Promise<readonly (Vector | null)[]> {
    const vectors: (Vector | null)[] = [];
    for (const part of parts) {
      const embedding = await this.#ask(part, signal);
      if (embedding.kind === 'vectors') vectors.push(...this.#known(embedding.vectors));
      else if (isOfTexts(embedding)) vectors.push(...(await this.#halves(part, signal)));
      else throw this.#unavailable(embedding);
    }
    return vectors;
  }

  #known(vectors: readonly Vector[]): readonly Vector[] {
    this.#dimension = vectors[0]?.length ?? this.#dimension;
    return vectors;
  }

  /** For passages. */
  async #ask(texts: readonly string[], signal: AbortSignal): Promise<Embedding> {
    const restMs = this.#restMs();
    if (restMs > 0) {
      this.#deps.log.rested('passages');
      throw new NotNow(UNAVAILABLE, Math.ceil(restMs / 1_000));
    }
    const bounded = AbortSignal.any([signal, AbortSignal.timeout(this.#deps.timeoutMs)]);
    const embedding = await this.#embed('passages', texts, bounded);
    signal.throwIfAborted();
    return embedding;
  }

  async #embed(purpose: EmbedPurpose, texts: readonly string[], signal: AbortSignal): Promise<Embedding> {
    const { embedder, log, clock } = this.#deps;
    const startedMs = clock.now().getTime();
    const embedding = await embedder.embed(texts, signal);
    if (embedding.kind === 'vectors') log.embedded({ purpose, ms: clock.now().getTime() - startedMs });
    return embedding;
  }

  #restMs(): number {
    return this.#restsUntilMs - this.#deps.clock.now().getTime();
  }

  #unavailable(failed: FailedEmbedding): NotNow {
    return new NotNow(UNAVAILABLE, this.#rest('passages', failed));
  }

  /** Returns for how many seconds. */
  #rest(purpose: EmbedPurpose, { kind, retryAfterSeconds }: FailedEmbedding): number {
    const { clock, log } = this.#deps;
    const restSeconds = Math.min(LONGEST_REST_SECONDS, Math.max(1, retryAfterSeconds ?? REST_SECONDS));
    this.#restsUntilMs = clock.now().getTime() + restSeconds * 1_000;
    log.failed({ purpose, failure: kind, restSeconds });
    return restSeconds;
  }
}

/** Some say of a text that is too long for them that they have failed. */
function isOfTexts({ kind }: FailedEmbedding): boolean {
  return kind === 'rejected' || kind === 'malformed' || kind === 'failed';
}

function shortened(text: string): string {
  return text.slice(0, SHORT_CHARACTERS).toWellFormed();
}
