/** What turns texts into vectors, as a port; and what the operator is told of it. */
import type { Vector } from '#domain/retrieval/finding/vectors.ts';

/**
 * Why there are no vectors. `rejected`: whatever is sent, or this text, is refused; `malformed`: what was answered is
 * none; `dimension`: vectors of another dimension than those of the passages.
 */
export const EMBED_FAILURES = [
  'unreachable',
  'timed_out',
  'limited',
  'failed',
  'rejected',
  'malformed',
  'dimension',
] as const;
export type EmbedFailure = (typeof EMBED_FAILURES)[number];

export type FailedEmbedding = Readonly<{
  kind: EmbedFailure;
  /** When to ask again, where it said so. */
  retryAfterSeconds: number | null;
}>;

export type Embedding = Readonly<{ kind: 'vectors'; vectors: readonly Vector[] }> | FailedEmbedding;

export interface Embedder {
  /** Vectors of different models cannot be compared. */
  readonly model: string;
  /**
   * Returns a vector for each text, in order, all of one dimension, finite, and none of length 0. Does not throw; where
   * `signal` is aborted, which also bounds the time, it fails.
   */
  embed(texts: readonly string[], signal: AbortSignal): Promise<Embedding>;
}

/** For whom it is asked. */
export const EMBED_PURPOSES = ['question', 'passages'] as const;
export type EmbedPurpose = (typeof EMBED_PURPOSES)[number];

export interface EmbedLog {
  embedded(embedded: Readonly<{ purpose: EmbedPurpose; ms: number }>): void;
  failed(failed: Readonly<{ purpose: EmbedPurpose; failure: EmbedFailure; restSeconds: number }>): void;
  /** It was not asked: it has failed, and rests. */
  rested(purpose: EmbedPurpose): void;
  /** How many passages have vectors now, and how many have none, because it refuses each of them by itself. */
  passages(counts: Readonly<{ embedded: number; refused: number }>): void;
}
