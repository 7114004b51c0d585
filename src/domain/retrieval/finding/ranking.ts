/**
 * Ranks passages by BM25. What is rare is judged among the passages that may be read alone, as if no others existed.
 */
import { PostingReader } from './postings.ts';
import type { Question, QuestionWord } from './question.ts';

/** What may be read of a document: which one it is, and how many passages and terms it has. */
export type ReadableIndex = Readonly<{ key: number; passages: number; terms: number }>;

/** The postings of a term in one document, or in a part of one. */
export type TermPostings = Readonly<{ key: number; term: string; postings: Uint8Array }>;

/** A passage by its document and its place in it. */
export type Ranked = Readonly<{ key: number; ordinal: number; score: number }>;

/** How much one more occurrence counts, and how much a long passage is held against them: the usual ones of BM25. */
const SATURATION = 1.2;
const LENGTH_SHARE = 0.75;
/** A heading says what all of a passage is about. */
const HEADING_WEIGHT = 2;
/** How much the name of its heading in the question counts for a passage, beside what its words count. */
const NAME_WEIGHT = 0.5;
/** How many times as many as are wanted are gathered before the rest is cut off. */
const CUT_AT = 8;
/** More than any other score: a heading that is exactly what is asked for comes first. */
const WHOLE_WEIGHT = 1_000;

/** A word of the question: how rare it is in what may be read, and whether it stands there at all. */
export type WeighedWord = Pick<QuestionWord, 'base' | 'isName'> & Readonly<{ weight: number; isKnown: boolean }>;

export type Ranking = Readonly<{
  /** Best first; of equal ones, the first by document and place. */
  ranked: readonly Ranked[];
  words: readonly WeighedWord[];
}>;

/** Ranks what was found of a question, and keeps the `limit` best passages. */
export function rankedPassages(
  question: Question,
  readable: readonly ReadableIndex[],
  found: readonly TermPostings[],
  limit: number,
): Ranking {
  const readers = found.map(({ key, term, postings }) => ({ key, term, reader: new PostingReader(postings) }));
  const frequencies = new Map<string, number>();
  for (const { term, reader } of readers) frequencies.set(term, (frequencies.get(term) ?? 0) + reader.count);
  const passages = readable.reduce((sum, one) => sum + one.passages, 0);
  const meanLength = readable.reduce((sum, one) => sum + one.terms, 0) / Math.max(1, passages);
  const rarity = (term: string) => rarityOf(passages, frequencies.get(term) ?? 0);
  const weights = weightsOf(question);
  const scores = new Map(readable.map((one) => [one.key, new Float64Array(one.passages + 1)]));
  for (const { key, term, reader } of readers) {
    const added = addScores(scores.get(key)!, reader, weights.get(term)! * rarity(term), meanLength);
    scores.set(key, added);
  }
  const words = question.words.map(({ base, isName, term, weight }) => ({
    base,
    isName,
    weight: weight * rarity(term),
    isKnown: frequencies.has(term),
  }));
  return { ranked: best(scores, limit), words };
}

/** The passages, as `placeOf` tells them apart, below a heading that is exactly what is asked for. */
export function exactPlaces({ whole }: Question, found: readonly TermPostings[]): ReadonlySet<string> {
  const places = new Set<string>();
  for (const { key, term, postings } of found) {
    if (!whole.includes(term)) continue;
    const reader = new PostingReader(postings);
    while (reader.next()) places.add(placeOf({ key, ordinal: reader.posting.ordinal }));
  }
  return places;
}

/** By which a passage is told apart. */
export function placeOf({ key, ordinal }: Pick<Ranked, 'key' | 'ordinal'>): string {
  return `${key} ${ordinal}`;
}

function weightsOf({ words, whole, names }: Question): ReadonlyMap<string, number> {
  return new Map([
    ...names.map((name) => [name, NAME_WEIGHT] as const),
    ...whole.map((name) => [name, WHOLE_WEIGHT] as const),
    ...words.map(({ term }) => [term, 1] as const),
  ]);
}

function rarityOf(passages: number, having: number): number {
  return Math.log(1 + (passages - having + 0.5) / (having + 0.5));
}

type Scores = Float64Array<ArrayBuffer>;

/** Returns the scores by ordinal with those of a term added: longer ones where a reading left some ordinals out. */
function addScores(known: Scores, reader: PostingReader, weight: number, meanLength: number): Scores {
  const { posting } = reader;
  let scores = known;
  while (reader.next()) {
    const count = HEADING_WEIGHT * posting.heading + posting.body;
    const norm = SATURATION * (1 - LENGTH_SHARE + (LENGTH_SHARE * posting.length) / meanLength);
    if (posting.ordinal >= scores.length) scores = longer(scores, posting.ordinal);
    scores[posting.ordinal]! += (weight * count * (SATURATION + 1)) / (count + norm);
  }
  return scores;
}

function longer(scores: Scores, ordinal: number): Scores {
  const grown = new Float64Array(Math.max(ordinal + 1, 2 * scores.length));
  grown.set(scores);
  return grown;
}

/** The best passages, in order; what cannot be among them is left out as it is met. */
function best(scores: ReadonlyMap<number, Float64Array>, limit: number): readonly Ranked[] {
  let [ranked, least]: [Ranked[], number] = [[], 0];
  for (const [key, byOrdinal] of scores)
    for (let ordinal = 1; ordinal < byOrdinal.length; ordinal++) {
      const score = byOrdinal[ordinal]!;
      if (score <= least) continue;
      ranked.push({ key, ordinal, score });
      if (ranked.length < CUT_AT * limit) continue;
      ranked = inOrder(ranked).slice(0, limit);
      least = ranked.at(-1)!.score;
    }
  return inOrder(ranked).slice(0, limit);
}

function inOrder(ranked: readonly Ranked[]): Ranked[] {
  return ranked.toSorted((a, b) => b.score - a.score || a.key - b.key || a.ordinal - b.ordinal);
}
