/** What a compaction has read of its window: every sentence once, and from all of them what each word weighs. */
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
  sentencesIn(entry: Entry): readonly Sentence[];
  /** Says which sentences a new, shorter entry has, so that it need not be read. */
  remember(entry: Entry, sentences: readonly Sentence[]): void;
}>;

/** Reads the loose entries of a window. Large artefacts that the drop strategy will stub are left unread. */
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
