/** Indexes a window's text for one compaction: the sentences of each entry, read once, and the weight of each word. */
import type { Entry } from '#domain/conversations/window.ts';
import { emptyLexicon, type Lexicon } from '#domain/text/lexicon.ts';
import type { WordWeights } from '#domain/text/selection.ts';
import { isLeftToStub } from '../window/left-to-stub.ts';
import type { WorkingWindow } from '../window/working-window.ts';
import { readEntry, type Sentence } from './passages.ts';
import { decisionWords, repeatFactors, wordWeights } from './salience.ts';

export type TextIndex = Readonly<{
  lexicon: Lexicon;
  words: WordWeights;
  /** Ids of the words that mark a decision. */
  decisions: ReadonlySet<number>;
  /** Returns an entry's sentences, reading the entry if it was not indexed. */
  sentencesIn(entry: Entry): readonly Sentence[];
  /** Stores the sentences of a new, shorter form of an entry, so that it need not be read again. */
  remember(entry: Entry, sentences: readonly Sentence[]): void;
}>;

/**
 * Indexes the unprotected entries of a window. Entries with artefacts that the `drop` strategy will stub are left out,
 * because their text is about to be replaced.
 */
export function indexWindow(work: WorkingWindow): TextIndex {
  const lexicon = emptyLexicon();
  const read = new Map<Entry, readonly Sentence[]>();
  work.entries.forEach((entry, index) => {
    if (entry === null || work.guards[index] !== null || isLeftToStub(work, index)) return;
    read.set(entry, readEntry(lexicon, entry));
  });
  const weights = wordWeights(lexicon);
  return {
    lexicon,
    words: { weights, repeatFactor: repeatFactors(lexicon), novelty: new Float64Array(weights.length).fill(1) },
    decisions: decisionWords(lexicon),
    sentencesIn: (entry) => read.get(entry) ?? readEntry(lexicon, entry),
    remember: (entry, sentences) => read.set(entry, sentences),
  };
}
