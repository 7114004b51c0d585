/** Sentences by the weight of their words: TF-IDF (Salton and Buckley 1988), and rarity alone. */
import { idfOf, type Sentence, type SentenceIndex } from '../sentence-index.ts';

/** The sentences with the highest scores first; of equals, the earlier. */
export function byScore(sentences: readonly Sentence[], scoreOf: (sentence: Sentence) => number): readonly Sentence[] {
  return sentences
    .map((sentence) => ({ sentence, score: scoreOf(sentence) }))
    .toSorted((a, b) => b.score - a.score || a.sentence.place - b.sentence.place)
    .map(({ sentence }) => sentence);
}

function sum(sentence: Sentence, weightOf: (word: number) => number): number {
  return sentence.words.reduce((total, word) => total + weightOf(word), 0);
}

function tfIdf(index: SentenceIndex): (word: number) => number {
  return (word) => index.occurrences[word]! * idfOf(index, word);
}

export function tfIdfSum(index: SentenceIndex): readonly Sentence[] {
  return byScore(index.sentences, (sentence) => sum(sentence, tfIdf(index)));
}

export function tfIdfMean(index: SentenceIndex): readonly Sentence[] {
  return byScore(index.sentences, (sentence) => sum(sentence, tfIdf(index)) / Math.max(1, sentence.words.length));
}

/** Sum of idf by the root of the length. */
export function rareWords(index: SentenceIndex): readonly Sentence[] {
  return byScore(
    index.sentences,
    (sentence) => sum(sentence, (word) => idfOf(index, word)) / Math.sqrt(Math.max(1, sentence.words.length)),
  );
}
