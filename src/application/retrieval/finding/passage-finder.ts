/** What finding passages needs of the outside. */
import type { LibraryReader } from '#domain/library/library-reader.ts';
import type { FoundPassage } from '#domain/retrieval/finding/found-passage.ts';
import type { Fusion } from '#domain/retrieval/finding/fusion.ts';
import type { WeighedWord } from '#domain/retrieval/finding/ranking.ts';
import type { Vector } from '#domain/retrieval/finding/vectors.ts';
import type { SourceId } from '#domain/shared/ids.ts';

/** What a question means by a model, and how what is near to it is ranked with what has its words. */
export type Meaning = Readonly<{ model: string; vector: Vector; fusion: Fusion }>;

export type FindRequest = Readonly<{
  question: string;
  reader: LibraryReader;
  /** Only of these sources; of all where it is null. */
  sourceIds: readonly SourceId[] | null;
  limit: number;
  /** Null or left out: passages are found by their words alone. */
  meaning?: Meaning | null;
}>;

export type Found = Readonly<{
  /** Best first. */
  passages: readonly FoundPassage[];
  /** The words of the question, and how rare they are in what the reader may read. */
  words: readonly WeighedWord[];
  /** Whether vectors had a part in it. */
  byMeaning: boolean;
}>;

/** Finds passages by their words, and by what they mean where the request says what that is. */
export interface PassageFinder {
  /**
   * Returns the passages that are there for the reader at this moment, as if there were no others: nothing that they
   * may not read changes what is found, or its order. Throws 503 `search_busy` where too many wait, and 503
   * `search_timeout` where it takes too long.
   */
  find(request: FindRequest): Promise<Found>;
}
