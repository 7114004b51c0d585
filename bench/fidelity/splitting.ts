/** Sentences and words by the rules of Unicode (`Intl.Segmenter`), in every language alike: none of ours. */

export type Splitter = Readonly<{
  sentences(text: string): readonly string[];
  /** In lower case. */
  words(text: string): readonly string[];
}>;

const splitters = new Map<string, Splitter>();

export function splitterFor(language: string): Splitter {
  const known = splitters.get(language);
  if (known !== undefined) return known;
  const splitter = newSplitter(language);
  splitters.set(language, splitter);
  return splitter;
}

function newSplitter(language: string): Splitter {
  const bySentence = new Intl.Segmenter(language, { granularity: 'sentence' });
  const byWord = new Intl.Segmenter(language, { granularity: 'word' });
  return {
    sentences: (text) =>
      [...bySentence.segment(text)].map(({ segment }) => segment.trim()).filter((segment) => segment !== ''),
    words: (text) =>
      [...byWord.segment(text)].flatMap(({ segment, isWordLike }) => (isWordLike ? [segment.toLowerCase()] : [])),
  };
}

/** Letters and digits alone, in lower case: the same whoever cut the text, and wherever. */
export function squeezed(text: string): string {
  return text.toLowerCase().replace(/[^\p{L}\p{M}\p{N}]+/gu, '');
}
