/** The job that embeds the passages which have no vectors of the model that is configured, some at a time. */
import type { FinishedStep, JobData } from '#domain/jobs/job.ts';
import type { Vector } from '#domain/retrieval/finding/vectors.ts';
import type { JobHandler, StepEffect } from '../../jobs/ports.ts';
import type { Embeddings } from './embeddings.ts';
import type { DuePassages, PassageVectors, VectorSpace } from './ports.ts';

type Repos = Readonly<{ passageVectors: PassageVectors }>;
type Reads = Readonly<{ passageVectors: Pick<PassageVectors, 'findDue' | 'countDue'> }>;

const BATCH = 32;

/** How many were embedded, of which dimension. */
type Place = Readonly<{ done: number; dimension: number }>;

export class EmbedPassages implements JobHandler<Repos> {
  readonly isEssential = false;
  readonly #deps: Readonly<{ reads: Reads; embeddings: Embeddings | null }>;

  /** `embeddings`: null where no embedder is configured. */
  constructor(deps: Readonly<{ reads: Reads; embeddings: Embeddings | null }>) {
    this.#deps = deps;
  }

  async step(
    { checkpoint }: Parameters<JobHandler<Repos>['step']>[0],
    signal: AbortSignal,
  ): Promise<StepEffect<Repos>> {
    const { reads, embeddings } = this.#deps;
    const { done, dimension } = placeIn(checkpoint);
    if (embeddings === null) return async () => ({ done: true, progress: { done, total: done, note: null } });
    if (dimension === null) return this.#goOn(embeddings, { done, dimension: await embeddings.probe(signal) });
    const space = { model: embeddings.model, dimension };
    const due = await reads.passageVectors.findDue(space, BATCH);
    if (due === undefined) return ending(space, done);
    const vectors = await embeddings.ofPassages(due.passages.map(textOf), signal);
    const found = vectors.find((vector) => vector !== null)?.length ?? dimension;
    // It embeds otherwise than it did: then so is everything.
    if (found !== dimension) return this.#goOn(embeddings, { done, dimension: found });
    return this.#write(space, due, vectors, done);
  }

  async #goOn({ model }: Embeddings, place: Place): Promise<StepEffect<Repos>> {
    const left = await this.#deps.reads.passageVectors.countDue({ model, dimension: place.dimension });
    return async () => ({ done: false, progress: progressOf(place.done, left), checkpoint: place });
  }

  async #write(space: VectorSpace, due: DuePassages, vectors: readonly (Vector | null)[], before: number) {
    const left = (await this.#deps.reads.passageVectors.countDue(space)) - due.passages.length;
    const done = before + due.passages.length;
    const byOrdinal = new Map<number, Vector>();
    for (const [at, { ordinal }] of due.passages.entries()) {
      const vector = vectors[at] ?? null;
      if (vector !== null) byOrdinal.set(ordinal, vector);
    }
    return async ({ passageVectors }: Repos): Promise<FinishedStep> => {
      await passageVectors.add(space, due, byOrdinal);
      return { done: false, progress: progressOf(done, left), checkpoint: { done, dimension: space.dimension } };
    };
  }
}

/** A document that serves since it was looked asks for no job of its own where this one is still to be done. */
function ending(space: VectorSpace, done: number): StepEffect<Repos> {
  return async ({ passageVectors }) => {
    const progress = progressOf(done, 0);
    if ((await passageVectors.findDue(space, 1)) === undefined) return { done: true, progress };
    return { done: false, progress, checkpoint: { done, dimension: space.dimension } };
  };
}

function placeIn(checkpoint: JobData | null): Readonly<{ done: number; dimension: number | null }> {
  return checkpoint === null ? { done: 0, dimension: null } : (checkpoint as Place);
}

function progressOf(done: number, left: number) {
  return { done, total: done + Math.max(0, left), note: null };
}

function textOf({ headingPath, text }: DuePassages['passages'][number]): string {
  return headingPath === '' ? text : `${headingPath}\n\n${text}`;
}
