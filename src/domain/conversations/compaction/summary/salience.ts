/** Weighs words (frequency, names, numbers) and sentences (message length, position, decisions) for selection. */
import { isName, type Lexicon } from '#domain/text/lexicon.ts';
import { hashOf } from '#domain/text/word-hash.ts';
import type { Sentence } from './passages.ts';

// All weights and factors in this file were tuned on transcripts of play; `bench/fidelity.ts` measures them.
const NAME_WEIGHT = 3;
const NUMBER_WEIGHT = 4;
const STOP_WORD_WEIGHT = 0.05;
const DECISION_WEIGHT = 1.25;
const EDGE_WEIGHT = 1.1;
const ASIDE_WEIGHT = 0.25;
/** Long messages narrate and short ones answer, so weight grows with a message's length, up to the maximum. */
const NARRATION_EXPONENT = 0.3;
const NARRATION_MAX_CHARACTERS = 2_000;
/** The factor that each repetition puts on a word's weight. A repeated number is mostly part of another fact. */
const REPEAT_FACTOR = 0.35;
const NUMBER_REPEAT_FACTOR = 0.85;

/** Words that announce an agreement, a plan, a promise or a vote. */
const DECISION_WORDS = `
agree agreed agrees accept accepted choose chose chosen decide decided decides decision deal plan plans planned promise
promised refuse refused swear swore vote voted must
`;
const decisionHashes = DECISION_WORDS.trim().split(/\s+/u).map(hashOf);

/**
 * Returns the weight of each word, by word id: the damped number of sentences that contain it, times the logarithm of
 * the inverse sentence frequency. Words of middling frequency weigh most: a word that is everywhere does not tell
 * sentences apart, and a word that occurs once is rarely the subject (Luhn 1958; Spärck Jones 1972). Names and numbers
 * weigh more, stop words almost nothing.
 */
export function wordWeights(lexicon: Lexicon): Float64Array {
  const { sentences, total, stop, numeric } = lexicon;
  return Float64Array.from(sentences, (count, id) => {
    if (stop[id]) return STOP_WORD_WEIGHT;
    const weight = Math.log(1 + count) * Math.log(1 + total / (1 + count));
    return weight * (isName(lexicon, id) ? NAME_WEIGHT : 1) * (numeric[id] ? NUMBER_WEIGHT : 1);
  });
}

/** Returns `WordWeights.repeatFactor`, by word id. */
export function repeatFactors(lexicon: Lexicon): Float64Array {
  return Float64Array.from(lexicon.numeric, (numeric) => (numeric ? NUMBER_REPEAT_FACTOR : REPEAT_FACTOR));
}

/** Returns the ids of the decision words that the lexicon contains. */
export function decisionWords(lexicon: Lexicon): ReadonlySet<number> {
  return new Set(decisionHashes.flatMap((hash) => lexicon.idByHash.get(hash) ?? []));
}

/**
 * Returns the factor on a sentence's word weights, from message length, position, decision words and stage direction.
 */
export function weightOf(sentence: Sentence, decisions: ReadonlySet<number>): number {
  const decides = sentence.words.some((id) => decisions.has(id));
  const narrates = Math.min(sentence.text.length, NARRATION_MAX_CHARACTERS) ** NARRATION_EXPONENT;
  return (
    narrates * (decides ? DECISION_WEIGHT : 1) * (sentence.edge ? EDGE_WEIGHT : 1) * (sentence.aside ? ASIDE_WEIGHT : 1)
  );
}
