/** The sentences of a transcript with their words as numbers, which the baselines rank. */
import type { Said } from './sample.ts';
import { splitterFor } from './splitting.ts';

export type Sentence = Said &
  Readonly<{
    /** Its place in the transcript. */
    place: number;
    /** The turn it stands in, from 0. */
    turn: number;
    words: readonly number[];
  }>;

export type SentenceIndex = Readonly<{
  sentences: readonly Sentence[];
  /** How many words there are. */
  vocabulary: number;
  /** By word: in how many sentences it stands, and how often. */
  sentencesWith: Uint32Array;
  occurrences: Uint32Array;
}>;

export function indexOf(said: readonly Said[], language: string): SentenceIndex {
  const splitter = splitterFor(language);
  const ids = new Map<string, number>();
  const idOf = (word: string) => {
    const id = ids.get(word) ?? ids.size;
    ids.set(word, id);
    return id;
  };
  const sentences = said
    .flatMap(({ speaker, text }, turn) =>
      splitter.sentences(text).map((sentence) => ({ speaker, text: sentence, turn })),
    )
    .map((one, place) => ({ ...one, place, words: splitter.words(one.text).map(idOf) }));
  return { sentences, vocabulary: ids.size, ...counted(sentences, ids.size) };
}

function counted(
  sentences: readonly Sentence[],
  vocabulary: number,
): Pick<SentenceIndex, 'sentencesWith' | 'occurrences'> {
  const [sentencesWith, occurrences] = [new Uint32Array(vocabulary), new Uint32Array(vocabulary)];
  for (const { words } of sentences) {
    for (const word of words) occurrences[word]! += 1;
    for (const word of new Set(words)) sentencesWith[word]! += 1;
  }
  return { sentencesWith, occurrences };
}

/** Inverse document frequency, a sentence being a document. */
export function idfOf({ sentences, sentencesWith }: SentenceIndex, word: number): number {
  return Math.log(sentences.length / sentencesWith[word]!);
}

/** A word that more than one of so many sentences has tells nothing: the place of a list of stop words. */
const STOP_WORD_EVERY = 20;

export function isStopWord({ sentences, sentencesWith }: SentenceIndex, word: number): boolean {
  return sentencesWith[word]! * STOP_WORD_EVERY > sentences.length;
}
