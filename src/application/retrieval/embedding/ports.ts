/** The port of vectors: what is stored of what passages mean. */
import type { Vector } from '#domain/retrieval/finding/vectors.ts';
import type { DocumentId } from '#domain/shared/ids.ts';

/** By which vectors can be compared with each other. */
export type VectorSpace = Readonly<{ model: string; dimension: number }>;

/** Some passages of a generation that serves, one after the other, which have no vectors of a space. */
export type DuePassages = Readonly<{
  documentId: DocumentId;
  generation: number;
  /** In reading order, and at least one. */
  passages: readonly Readonly<{ ordinal: number; headingPath: string; text: string }>[];
}>;

/**
 * Vectors of passages. They are made of passages and go with them, and no backup has them. Only a unit of work may call
 * the method that changes something.
 */
export interface PassageVectors {
  /** The next passages that are due, at most so many; undefined where none is. */
  findDue(space: VectorSpace, limit: number): Promise<DuePassages | undefined>;
  /** How many are. */
  countDue(space: VectorSpace): Promise<number>;
  /**
   * Adds what was made of passages that were due: they are not any more, those without a vector too. What the same
   * generation has of other spaces goes. Nothing is added where the generation is gone.
   */
  add(space: VectorSpace, due: DuePassages, vectors: ReadonlyMap<number, Vector>): Promise<void>;
}
