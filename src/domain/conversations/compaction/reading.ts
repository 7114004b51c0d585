/** What a compaction has read of its window: every sentence once, and from all of them what each word weighs. */
import type { Entry } from '../window.ts';
import { isLeftToDrop } from './drop.ts';
import { emptyLexicon, type Lexicon } from './lexicon.ts';
import { readEntry, type Sentence } from './passages.ts';
import { decisionWords, retoldShares, wordWeights } from './salience.ts';
import type { WordWeights } from './selection.ts';
import type { WorkingWindow } from './working-window.ts';

export type Reading = Readonly<{
  lexicon: Lexicon;
  words: WordWeights;
  /** Ids of the words that mark a decision. */
  decisions: ReadonlySet<number>;
  sentencesIn(entry: Entry): readonly Sentence[];
  /** Says which sentences a new, shorter entry has, so that it need not be read. */
  remember(entry: Entry, sentences: readonly Sentence[]): void;
}>;

/** Reads the loose entries of a window. Large artefacts that the drop strategy will stub are left unread. */
export function readWindow(work: WorkingWindow): Reading {
  const lexicon = emptyLexicon();
  const read = new Map<Entry, readonly Sentence[]>();
  work.entries.forEach((entry, index) => {
    if (entry === null || work.guards[index] !== null || isLeftToDrop(work, index)) return;
    read.set(entry, readEntry(lexicon, entry));
  });
  const weights = wordWeights(lexicon);
  return {
    lexicon,
    words: { weights, retold: retoldShares(lexicon), novelty: new Float64Array(weights.length).fill(1) },
    decisions: decisionWords(lexicon),
    sentencesIn: (entry) => read.get(entry) ?? readEntry(lexicon, entry),
    remember: (entry, sentences) => read.set(entry, sentences),
  };
}
