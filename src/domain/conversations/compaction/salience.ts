/** How much a word, and so a sentence, tells: by frequency, and by being a name, a number or part of a decision. */
import { isName, type Lexicon } from './lexicon.ts';
import type { Sentence } from './passages.ts';
import { hashOf } from './word-hash.ts';

const NAME_WEIGHT = 2;
const NUMBER_WEIGHT = 1.5;
const STOP_WORD_WEIGHT = 0.05;
const DECISION_WORTH = 1.25;
const EDGE_WORTH = 1.1;
const ASIDE_WORTH = 0.25;

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

/** The ids of the words that mark a decision. */
export function decisionWords(lexicon: Lexicon): ReadonlySet<number> {
  return new Set(decisionHashes.flatMap((hash) => lexicon.idByHash.get(hash) ?? []));
}

/** By what a sentence's words are multiplied: place in its message, decision, stage direction. */
export function worthOf(sentence: Sentence, decisions: ReadonlySet<number>): number {
  const decides = sentence.words.some((id) => decisions.has(id));
  return (decides ? DECISION_WORTH : 1) * (sentence.edge ? EDGE_WORTH : 1) * (sentence.aside ? ASIDE_WORTH : 1);
}
