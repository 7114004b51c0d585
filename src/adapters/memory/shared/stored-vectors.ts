/** Vectors of a generation of a document, as they are in memory. */
import type { DuePassages, VectorSpace } from '#application/retrieval/embedding/ports.ts';

export type StoredVectors = VectorSpace &
  Pick<DuePassages, 'documentId' | 'generation'> &
  Readonly<{
    /** So far in the generation they go. */
    lastOrdinal: number;
    vectors: Uint8Array;
  }>;
