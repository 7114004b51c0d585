/**
 * TextRank (Mihalcea and Tarau 2004): PageRank on sentences that are joined by the words they share, by the sum of the
 * logarithms of their lengths. Shared words are found through an inverted index, which leaves out the words that more
 * than `MAX_POSTINGS` sentences have, so that it takes linear time.
 */
import type { Sentence, SentenceIndex } from '../sentence-index.ts';
import { byScore } from './rarity.ts';

const DAMPING = 0.85;
const ITERATIONS = 12;
const MAX_POSTINGS = 60;

type Graph = Readonly<{ neighbours: readonly Uint32Array[]; weights: readonly Float64Array[]; sums: Float64Array }>;

export function textRank(index: SentenceIndex): readonly Sentence[] {
  const graph = graphOf(index);
  let scores: Float64Array = new Float64Array(index.sentences.length).fill(1);
  for (let i = 0; i < ITERATIONS; i += 1) scores = spread(scores, graph);
  return byScore(index.sentences, ({ place }) => scores[place]!);
}

function spread(scores: Float64Array, { neighbours, weights, sums }: Graph): Float64Array {
  return scores.map((_, place) => {
    let sum = 0;
    neighbours[place]!.forEach((other, i) => {
      sum += (weights[place]![i]! / sums[other]!) * scores[other]!;
    });
    return 1 - DAMPING + DAMPING * sum;
  });
}

function graphOf(index: SentenceIndex): Graph {
  const postings = postingsOf(index);
  const edges = index.sentences.map((sentence) => edgesOf(sentence, index, postings));
  const weights = edges.map((one) => Float64Array.from(one.values()));
  return {
    neighbours: edges.map((one) => Uint32Array.from(one.keys())),
    weights,
    sums: Float64Array.from(weights, (each) => each.reduce((sum, weight) => sum + weight, 0)),
  };
}

/** The other sentences that share words with one, with the weight of the edge. */
function edgesOf(
  sentence: Sentence,
  { sentences }: SentenceIndex,
  postings: ReadonlyMap<number, readonly number[]>,
): ReadonlyMap<number, number> {
  const shared = new Map<number, number>();
  for (const word of new Set(sentence.words)) {
    for (const other of postings.get(word) ?? []) {
      if (other !== sentence.place) shared.set(other, (shared.get(other) ?? 0) + 1);
    }
  }
  const length = Math.log(sentence.words.length + 1);
  for (const [other, count] of shared) {
    shared.set(other, count / (length + Math.log(sentences[other]!.words.length + 1)));
  }
  return shared;
}

function postingsOf({ sentences, sentencesWith }: SentenceIndex): ReadonlyMap<number, readonly number[]> {
  const postings = new Map<number, number[]>();
  for (const { words, place } of sentences) {
    for (const word of new Set(words)) {
      if (sentencesWith[word]! > MAX_POSTINGS) continue;
      const places = postings.get(word);
      if (places === undefined) postings.set(word, [place]);
      else places.push(place);
    }
  }
  return postings;
}
