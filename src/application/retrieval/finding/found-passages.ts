/** Finds passages by an index: the same on every store. */
import type { FoundPassage } from '#domain/retrieval/finding/found-passage.ts';
import { questionOf, soughtTerms } from '#domain/retrieval/finding/question.ts';
import {
  type Ranked,
  type ReadableIndex,
  rankedPassages,
  type TermPostings,
} from '#domain/retrieval/finding/ranking.ts';
import { selectedPassages } from '#domain/retrieval/finding/selection.ts';
import type { FindRequest, Found } from './passage-finder.ts';

/** What is asked of a store. */
export type IndexReads = Readonly<{
  /** What of the index is there for the reader. */
  readable(): Promise<readonly ReadableIndex[]>;
  /** Where these terms stand in it. */
  postings(keys: readonly number[], terms: readonly string[]): Promise<readonly TermPostings[]>;
  /** The passages in these places that are there for the reader now, in any order. */
  passages(places: readonly Place[]): Promise<readonly (Place & FoundPassage)[]>;
}>;

export type Place = Pick<Ranked, 'key' | 'ordinal'>;

/** Sections have a limit, and some passages may be gone: so many more are read than are shown. */
const SPARE = 32;

export async function foundPassages({ question: text, limit }: FindRequest, index: IndexReads): Promise<Found> {
  const question = questionOf(text);
  const readable = await index.readable();
  const keys = readable.map(({ key }) => key);
  const postings = keys.length === 0 ? [] : await index.postings(keys, soughtTerms(question));
  const { ranked, words } = rankedPassages(question, readable, postings, limit + SPARE);
  const passages =
    ranked.length === 0 ? [] : await index.passages(ranked.map(({ key, ordinal }) => ({ key, ordinal })));
  const byPlace = new Map(passages.map(({ key, ordinal, ...passage }) => [placeOf(key, ordinal), passage]));
  const inOrder = ranked.map(({ key, ordinal }) => byPlace.get(placeOf(key, ordinal)));
  return {
    passages: selectedPassages(
      inOrder.filter((passage) => passage !== undefined),
      limit,
    ),
    words,
  };
}

function placeOf(key: number, ordinal: number): string {
  return `${key} ${ordinal}`;
}
