/** Finds passages by an index, and by vectors where there are some: the same on every store. */
import type { FoundPassage } from '#domain/retrieval/finding/found-passage.ts';
import { fusedRanking } from '#domain/retrieval/finding/fusion.ts';
import { type Question, questionOf, soughtTerms } from '#domain/retrieval/finding/question.ts';
import {
  exactPlaces,
  placeOf,
  type Ranked,
  type ReadableIndex,
  rankedPassages,
  type TermPostings,
} from '#domain/retrieval/finding/ranking.ts';
import { selectedPassages } from '#domain/retrieval/finding/selection.ts';
import { nearestPassages, type VectorBlock } from '#domain/retrieval/finding/vectors.ts';
import type { FindRequest, Found, Meaning } from './passage-finder.ts';

/** What is asked of a store. */
export type IndexReads = Readonly<{
  /** What of the index is there for the reader. */
  readable(): Promise<readonly ReadableIndex[]>;
  /** Where these terms stand in it. */
  postings(keys: readonly number[], terms: readonly string[]): Promise<readonly TermPostings[]>;
  /** The vectors of it that can be compared: those of the same model and dimension. */
  vectors(keys: readonly number[], meaning: Pick<Meaning, 'model' | 'vector'>): Promise<readonly VectorBlock[]>;
  /** The passages in these places that are there for the reader now, in any order. */
  passages(places: readonly Place[]): Promise<readonly (Place & FoundPassage)[]>;
}>;

export type Place = Pick<Ranked, 'key' | 'ordinal'>;

/** Sections have a limit, and some passages may be gone: so many more are read than are shown. */
const SPARE = 32;
/** So many of each order are made one. */
const FUSED = 100;

export async function foundPassages(request: FindRequest, index: IndexReads): Promise<Found> {
  const { question: text, limit, meaning = null } = request;
  const question = questionOf(text);
  const readable = await index.readable();
  const keys = readable.map(({ key }) => key);
  const postings = keys.length === 0 ? [] : await index.postings(keys, soughtTerms(question));
  const most = limit + SPARE;
  const byWords = rankedPassages(question, readable, postings, meaning === null ? most : Math.max(most, FUSED));
  const byMeaning = meaning === null || keys.length === 0 ? [] : await nearest(meaning, keys, index);
  const ranked =
    meaning === null || byMeaning.length === 0
      ? byWords.ranked.slice(0, most)
      : fused(question, postings, { meaning, byWords: byWords.ranked, byMeaning }).slice(0, most);
  const passages =
    ranked.length === 0 ? [] : await index.passages(ranked.map(({ key, ordinal }) => ({ key, ordinal })));
  const byPlace = new Map(passages.map(({ key, ordinal, ...passage }) => [placeOf({ key, ordinal }), passage]));
  const inOrder = ranked.map((place) => byPlace.get(placeOf(place))).filter((passage) => passage !== undefined);
  return { passages: selectedPassages(inOrder, limit), words: byWords.words, byMeaning: byMeaning.length > 0 };
}

async function nearest(meaning: Meaning, keys: readonly number[], index: IndexReads): Promise<readonly Ranked[]> {
  return nearestPassages(meaning.vector, await index.vectors(keys, meaning), FUSED);
}

function fused(
  question: Question,
  postings: readonly TermPostings[],
  { meaning, byWords, byMeaning }: Readonly<Record<'byWords' | 'byMeaning', readonly Ranked[]> & { meaning: Meaning }>,
): readonly Ranked[] {
  return fusedRanking(byWords, byMeaning, { fusion: meaning.fusion, exact: exactPlaces(question, postings) });
}
