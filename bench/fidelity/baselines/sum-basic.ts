/**
 * SumBasic (Nenkova and Vanderwende 2005): takes again and again the sentence of the highest mean probability that has
 * the most probable word, and squares the probability of the words it has taken.
 */
import { isStopWord, type Sentence, type SentenceIndex } from '../sentence-index.ts';

/** No window has room for more; the rest follows in the order of the transcript. */
const MAX_CHARACTERS = 200_000;
/** Of the sentences with a word so many are looked at. */
const MAX_CANDIDATES = 200;

export function sumBasic(index: SentenceIndex): readonly Sentence[] {
  const contents = index.sentences.map(({ words }) => words.filter((word) => !isStopWord(index, word)));
  const probability = probabilities(index, contents);
  const waiting = postings(index.vocabulary, contents);
  const taken = new Set<number>();
  const meanOf = (place: number) => mean(contents[place]!, probability);
  let characters = 0;
  while (characters < MAX_CHARACTERS) {
    const word = mostProbable(probability);
    if (word < 0) break;
    const left = waiting[word]!.filter((place) => !taken.has(place));
    waiting[word] = left;
    if (left.length === 0) {
      probability[word] = 0;
      continue;
    }
    const best = left.slice(0, MAX_CANDIDATES).reduce((a, b) => (meanOf(b) > meanOf(a) ? b : a));
    taken.add(best);
    characters += index.sentences[best]!.text.length;
    for (const one of new Set(contents[best]!)) probability[one]! **= 2;
  }
  const chosen = [...taken].map((place) => index.sentences[place]!);
  return [...chosen, ...index.sentences.filter(({ place }) => !taken.has(place))];
}

function probabilities({ vocabulary }: SentenceIndex, contents: readonly (readonly number[])[]): Float64Array {
  const counts = new Float64Array(vocabulary);
  let total = 0;
  for (const words of contents) {
    for (const word of words) counts[word]! += 1;
    total += words.length;
  }
  return counts.map((count) => count / Math.max(1, total));
}

function postings(vocabulary: number, contents: readonly (readonly number[])[]): number[][] {
  const places: number[][] = Array.from({ length: vocabulary }, () => []);
  contents.forEach((words, place) => {
    for (const word of new Set(words)) places[word]!.push(place);
  });
  return places;
}

function mean(words: readonly number[], probability: Float64Array): number {
  let sum = 0;
  for (const word of words) sum += probability[word]!;
  return sum / words.length;
}

/** The word of the highest probability, or -1 where none is left. */
function mostProbable(probability: Float64Array): number {
  let best = -1;
  for (let word = 0; word < probability.length; word += 1) {
    if (probability[word]! > (best < 0 ? 0 : probability[best]!)) best = word;
  }
  return best;
}
