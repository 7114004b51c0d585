/** Indexes a window's text for one compaction: the sentences of each entry, read once, and the weight of each word. */
import type { Entry } from '#domain/conversations/window.ts';
import type { Lexicon } from '#domain/text/lexicon.ts';
import type { WordWeights } from '#domain/text/selection.ts';
import { countSlips } from '#domain/text/slips.ts';
import { lexiconFor } from '#domain/text/words.ts';
import { isLeftToStub } from '../window/left-to-stub.ts';
import type { WorkingWindow } from '../window/working-window.ts';
import { familiarityOf, rememberedBy } from './common-words.ts';
import { readEntry, type Sentence } from './passages.ts';
import { decisionWords, type Setting, wordWeights } from './salience.ts';
import { namesOf, paceOf, speakersIn, stopNicknames } from './speakers.ts';

export type TextIndex = Readonly<{
  lexicon: Lexicon;
  words: WordWeights;
  /** See `familiarityOf`. */
  familiarity: Float64Array;
  /** What the weights of sentences depend on. */
  setting: Setting;
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
  const speakers = speakersIn(work.entries);
  const names = namesOf(speakers);
  const lexicon = lexiconFor(names);
  const roleOf = (speaker: string | null) => speakers.get(speaker ?? '') ?? 'user';
  const read = new Map<Entry, readonly Sentence[]>();
  work.entries.forEach((entry, index) => {
    if (entry === null || work.guards[index] !== null || isLeftToStub(work, index)) return;
    read.set(entry, readEntry(lexicon, entry, roleOf));
  });
  countSlips(lexicon);
  stopNicknames(lexicon, names);
  const familiarity = familiarityOf(lexicon, rememberedBy(work.entries));
  return {
    lexicon,
    words: wordWeights(lexicon, familiarity),
    familiarity,
    setting: { decisions: decisionWords(lexicon), pace: paceOf(work.entries) },
    sentencesIn: (entry) => read.get(entry) ?? readEntry(lexicon, entry, roleOf),
    remember: (entry, sentences) => read.set(entry, sentences),
  };
}
