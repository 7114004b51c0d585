/**
 * Remembers how often the commonest words were said in the messages that a summary stands for. In the few messages of a
 * window each word looks rare; what was said often before is common all the same.
 */
import type { Entry } from '#domain/conversations/window.ts';
import type { Lexicon } from '#domain/text/lexicon.ts';
import type { Sentence } from './passages.ts';

/** How many sentences were read, and how many of them contained each common word, by its hash (`hashOf`). */
export type CommonWords = Readonly<{ sentences: number; counts: ReadonlyMap<number, number> }>;

/** The part of a window's index that is counted. */
type Reading = Readonly<{ lexicon: Lexicon; sentencesIn(entry: Entry): readonly Sentence[] }>;

/** So many words are remembered: more would be rare ones. */
const MAX_WORDS = 256;
/** As text, each word is its hash and its count, in base 36 with so many digits. */
const RADIX = 36;
const HASH_DIGITS = 6;
const COUNT_DIGITS = 2;
const MAX_COUNT = RADIX ** COUNT_DIGITS - 1;
const WORD = new RegExp(`[0-9a-z]{${HASH_DIGITS + COUNT_DIGITS}}`, 'gu');

/** The form in which an entry carries them: the number of sentences, a colon, and the words. */
function format({ sentences, counts }: CommonWords): string {
  const words = [...counts].map(([hash, count]) => {
    const saturated = Math.min(MAX_COUNT, count);
    return hash.toString(RADIX).padStart(HASH_DIGITS, '0') + saturated.toString(RADIX).padStart(COUNT_DIGITS, '0');
  });
  return `${sentences}:${words.join('')}`;
}

function parse(text: string): CommonWords {
  const colon = text.indexOf(':');
  const words = text.slice(colon + 1).match(WORD) ?? [];
  const number = (digits: string) => Number.parseInt(digits, RADIX);
  return {
    sentences: Number(text.slice(0, colon)),
    counts: new Map(words.map((word) => [number(word.slice(0, HASH_DIGITS)), number(word.slice(HASH_DIGITS))])),
  };
}

/** What the summaries among the entries remember, together. Those of older versions remember nothing. */
export function rememberedBy(entries: readonly (Entry | null)[]): CommonWords {
  const each = entries.flatMap((entry) => (entry?.commonWords === undefined ? [] : [parse(entry.commonWords)]));
  const counts = new Map<number, number>();
  for (const one of each) for (const [hash, count] of one.counts) counts.set(hash, (counts.get(hash) ?? 0) + count);
  return { sentences: each.reduce((sum, one) => sum + one.sentences, 0), counts };
}

/** How many sentences of the entries contain each word of the lexicon, by id. Older summaries are not read again. */
function countSaid(entries: readonly Entry[], { lexicon, sentencesIn }: Reading) {
  const counts = new Uint32Array(lexicon.sentences.length);
  const countedIn = new Int32Array(counts.length);
  let sentences = 0;
  for (const entry of entries) {
    if (entry.kind === 'summary') continue;
    for (const { words } of sentencesIn(entry)) {
      sentences++;
      for (const id of words) {
        if (countedIn[id] === sentences) continue;
        countedIn[id] = sentences;
        counts[id]!++;
      }
    }
  }
  return { sentences, counts };
}

/** Hashes are below this (see `hashOf`). */
const HASHES = 2 ** 30;

/**
 * A count and a hash as one number, because a window has thousands of words to sort: of equals the smallest hash wins.
 */
function rankOf(count: number, hash: number): number {
  return count * HASHES + (HASHES - 1 - hash);
}

/** The words of the highest ranks, as many as are remembered. */
function commonest(ranks: Float64Array): ReadonlyMap<number, number> {
  const highest = [...ranks.sort().subarray(-MAX_WORDS)].reverse();
  return new Map(highest.map((rank) => [HASHES - 1 - (rank % HASHES), Math.floor(rank / HASHES)]));
}

/**
 * What a summary of the entries remembers, as text: what the older summaries among them did, and what is said in all
 * others. So each message counts once, however often its summary is taken into another.
 */
export function commonWordsOf(taken: readonly Entry[], reading: Reading): string {
  const older = rememberedBy(taken);
  const said = countSaid(taken, reading);
  const { idByHash } = reading.lexicon;
  const ranks = new Float64Array(idByHash.size + older.counts.size);
  let words = 0;
  for (const [hash, count] of older.counts) if (!idByHash.has(hash)) ranks[words++] = rankOf(count, hash);
  for (const [hash, id] of idByHash) {
    const count = (said.counts[id] ?? 0) + (older.counts.get(hash) ?? 0);
    if (count > 0) ranks[words++] = rankOf(count, hash);
  }
  return format({ sentences: older.sentences + said.sentences, counts: commonest(ranks.subarray(0, words)) });
}

/** How fast a word's weight falls with what is remembered of it. */
const FAMILIARITY_EXPONENT = 2;
/** Sentences that are assumed to contain any word. */
export const ASSUMED_SENTENCES = 0.5;

/**
 * The factor on the weight of each word, by id: 1 for what is not remembered, and the less the more often it was said.
 * It is the inverse sentence frequency over all that was ever said, in relation to that of a word which is said once.
 */
export function familiarityOf(
  { idByHash, sentences, total }: Lexicon,
  { counts, ...older }: CommonWords,
): Float64Array {
  const factors = new Float64Array(sentences.length).fill(1);
  const all = 1 + total + older.sentences;
  const greatest = Math.log(all / (ASSUMED_SENTENCES + 1));
  for (const [hash, count] of counts) {
    const id = idByHash.get(hash);
    if (id === undefined) continue;
    factors[id] = (Math.log(all / (ASSUMED_SENTENCES + count + sentences[id]!)) / greatest) ** FAMILIARITY_EXPONENT;
  }
  return factors;
}
