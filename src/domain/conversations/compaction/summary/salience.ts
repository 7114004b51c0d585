/** Weighs words (rarity, names, numbers) and sentences (who says them, decisions, form) for selection. */
import type { MessageRole } from '#domain/conversations/message.ts';
import { isName, type Lexicon } from '#domain/text/lexicon.ts';
import type { WordWeights } from '#domain/text/selection.ts';
import { hashOf } from '#domain/text/word-hash.ts';
import { ASSUMED_SENTENCES } from './common-words.ts';
import type { Sentence } from './passages.ts';

// The constants of this file were tuned on one half of the transcripts that `bench/fidelity.ts` measures on the other.
const NAME_WEIGHT = 4.5;
/**
 * What an amount, a date or a time weighs, and a number with a word beside it: so much of the word's weight, and of its
 * own.
 */
const NUMBER_WEIGHT = 2.5;
const COUNTED_WEIGHT = 1.5;
const COUNT_WEIGHT = 0.5;
const WEAK_WEIGHT = 0.5;
const STOP_WORD_WEIGHT = 0.05;
const DECISION_WEIGHT = 1.1;
const ASIDE_WEIGHT = 0.25;
const STRUCTURED_WEIGHT = 0.25;
/** A sentence of fewer words seldom says anything without the one before it. */
const TELLING_WORDS = 4;
const SHORT_WEIGHT = 0.3;
/** People's words before those of an assistant, and before the output of tools. */
const ROLE_WEIGHTS: Readonly<Record<MessageRole, number>> = { user: 1, system: 0.83, assistant: 0.75, tool: 0.4 };
/** Who speaks at length narrates: a sentence's weight grows with the pace of its speaker. */
const PACE_EXPONENT = 0.8;
/** How fast the weight of a word falls with its frequency, and that of a name. */
const FREQUENCY_EXPONENT = 0.7;
const NAME_FREQUENCY_EXPONENT = 0.3;
/** The factor that each repetition puts on a word's weight. One mention of a name is almost as good as many. */
const REPEAT_FACTOR = 0.98;
const NAME_REPEAT_FACTOR = 0.25;

/** Words that announce an agreement, a plan, a promise or a vote. */
const DECISION_WORDS = `
agree agreed agrees accept accepted choose chose chosen decide decided decides decision deal plan plans planned promise
promised refuse refused swear swore vote voted must
`;
const decisionHashes = DECISION_WORDS.trim().split(/\s+/u).map(hashOf);

/**
 * Weighs each word by how rare it is: the logarithm of the inverse sentence frequency (Spärck Jones 1972), divided by a
 * root of the frequency, so that a word which occurs once counts for most, and by how familiar it is. A fact
 * that is told once is what somebody will ask for; frequency times rarity prefers what is said all the time. Names
 * weigh more and fall slower with frequency, and a number weighs by what it counts.
 */
export function wordWeights(lexicon: Lexicon, familiarity: Float64Array): WordWeights {
  const { length } = lexicon.sentences;
  const weights = new Float64Array(length);
  const repeatFactor = new Float64Array(length);
  for (let id = 0; id < length; id++) {
    const named = isName(lexicon, id);
    weights[id] = weightOfWord(lexicon, id, named, familiarity);
    repeatFactor[id] = named ? NAME_REPEAT_FACTOR : REPEAT_FACTOR;
  }
  return { weights, repeatFactor, novelty: new Float64Array(length).fill(1) };
}

function weightOfWord(lexicon: Lexicon, id: number, named: boolean, familiarity: Float64Array): number {
  const { sentences, stop, weak, numeric, counted } = lexicon;
  if (stop[id]) return STOP_WORD_WEIGHT;
  const own = rarity(lexicon, id) * familiarity[id]!;
  const beside = counted[id]!;
  if (beside !== -1) return COUNTED_WEIGHT * rarity(lexicon, beside) * familiarity[beside]! + COUNT_WEIGHT * own;
  if (named) return (NAME_WEIGHT * inverse(lexicon, id)) / Math.max(1, sentences[id]!) ** NAME_FREQUENCY_EXPONENT;
  return own * (numeric[id] ? NUMBER_WEIGHT : 1) * (weak[id] ? WEAK_WEIGHT : 1);
}

function inverse({ sentences, total }: Lexicon, id: number): number {
  return Math.log((1 + total) / (ASSUMED_SENTENCES + sentences[id]!));
}

function rarity(lexicon: Lexicon, id: number): number {
  return inverse(lexicon, id) / Math.max(1, lexicon.sentences[id]!) ** FREQUENCY_EXPONENT;
}

/** Returns the ids of the decision words that the lexicon contains. */
export function decisionWords(lexicon: Lexicon): ReadonlySet<number> {
  return new Set(decisionHashes.flatMap((hash) => lexicon.idByHash.get(hash) ?? []));
}

/** What the weight of a sentence depends on beside itself. */
export type Setting = Readonly<{
  /** Ids of the words that mark a decision. */
  decisions: ReadonlySet<number>;
  /** See `paceOf`. */
  pace: ReadonlyMap<string, number>;
}>;

/** Returns the factor on a sentence's word weights, from who says it, its form, its length and decision words. */
export function weightOf({ origin, words, aside, structured }: Sentence, { decisions, pace }: Setting): number {
  return (
    ROLE_WEIGHTS[origin.role] *
    (pace.get(origin.speaker ?? '') ?? 1) ** PACE_EXPONENT *
    (words.some((id) => decisions.has(id)) ? DECISION_WEIGHT : 1) *
    (aside ? ASIDE_WEIGHT : 1) *
    (structured ? STRUCTURED_WEIGHT : 1) *
    (words.length < TELLING_WORDS ? SHORT_WEIGHT : 1)
  );
}
