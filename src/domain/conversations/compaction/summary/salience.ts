/** How much a word, and so a sentence, tells: by frequency, and by being a name, a number or part of a decision. */
import { isName, type Lexicon } from '#domain/text/lexicon.ts';
import { hashOf } from '#domain/text/word-hash.ts';
import type { Sentence } from './passages.ts';

/** These were tuned on transcripts of play (`bench/fidelity.ts`). */
const NAME_WEIGHT = 3;
const NUMBER_WEIGHT = 4;
const STOP_WORD_WEIGHT = 0.05;
const DECISION_WEIGHT = 1.25;
const EDGE_WEIGHT = 1.1;
const ASIDE_WEIGHT = 0.25;
/** Who speaks at length tells what happens; who says three words answers. Beyond the limit length says no more. */
const NARRATION_EXPONENT = 0.3;
const NARRATION_MAX_CHARACTERS = 2_000;
/** What share a word still tells each time it is told again. A number told again is mostly another fact. */
const REPEAT_FACTOR = 0.35;
const NUMBER_REPEAT_FACTOR = 0.85;

const DECISION_WORDS = `
agree agreed agrees accept accepted choose chose chosen decide decided decides decision deal plan plans planned promise
promised refuse refused swear swore vote voted must
`;
const decisionHashes = DECISION_WORDS.trim().split(/\s+/u).map(hashOf);

/**
 * Weight of each word by its id: term frequency, damped, times inverse sentence frequency, so that the words of the
 * matter at hand count, and neither those that are everywhere nor those that occur once (after Luhn 1958 and Sparck
 * Jones 1972); names and numbers count more.
 */
export function wordWeights(lexicon: Lexicon): Float64Array {
  const { sentences, total, stop, numeric } = lexicon;
  return Float64Array.from(sentences, (count, id) => {
    if (stop[id]) return STOP_WORD_WEIGHT;
    const weight = Math.log(1 + count) * Math.log(1 + total / (1 + count));
    return weight * (isName(lexicon, id) ? NAME_WEIGHT : 1) * (numeric[id] ? NUMBER_WEIGHT : 1);
  });
}

/** What share each word still tells when it is told again, by its id. */
export function repeatFactors(lexicon: Lexicon): Float64Array {
  return Float64Array.from(lexicon.numeric, (numeric) => (numeric ? NUMBER_REPEAT_FACTOR : REPEAT_FACTOR));
}

/** The ids of the words that mark a decision. */
export function decisionWords(lexicon: Lexicon): ReadonlySet<number> {
  return new Set(decisionHashes.flatMap((hash) => lexicon.idByHash.get(hash) ?? []));
}

/** By what a sentence's words are multiplied: length of its message and place in it, decision, stage direction. */
export function weightOf(sentence: Sentence, decisions: ReadonlySet<number>): number {
  const decides = sentence.words.some((id) => decisions.has(id));
  const narrates = Math.min(sentence.text.length, NARRATION_MAX_CHARACTERS) ** NARRATION_EXPONENT;
  return (
    narrates * (decides ? DECISION_WEIGHT : 1) * (sentence.edge ? EDGE_WEIGHT : 1) * (sentence.aside ? ASIDE_WEIGHT : 1)
  );
}
