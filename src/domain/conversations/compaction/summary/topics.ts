/** What else a summary's messages speak of, for its index line: names first, then subjects. */
import { isName, type Lexicon } from '#domain/text/lexicon.ts';
import { hashOf } from '#domain/text/word-hash.ts';
import type { Sentence } from './passages.ts';
import { indexLine, type SummaryText } from './summary-text.ts';
import type { TextIndex } from './text-index.ts';

type Topic = Readonly<{ id: number; text: string }>;
export type Topics = Readonly<{ names: readonly Topic[]; subjects: readonly Topic[] }>;

/** Subjects get at most this share of the index, names the rest. */
const SUBJECTS_SHARE = 0.2;
/** What is named once only is rarely what somebody searches for. */
const NAME_MIN_COUNT = 2;
const SUBJECT_MIN_CHARACTERS = 4;
const MAX_SUBJECTS = 40;
/** A word that only an older index still has, and that no sentence uses. */
const NOT_READ = -1;

/** How often each word is said, in the order in which words first appear. */
function countWords(sentences: readonly Sentence[]): Map<number, number> {
  const counts = new Map<number, number>();
  for (const sentence of sentences) for (const id of sentence.words) counts.set(id, (counts.get(id) ?? 0) + 1);
  return counts;
}

/** Puts words of an older index among the counted, as often as it takes to be listed. */
function countOlder(counts: Map<number, number>, words: readonly string[], lexicon: Lexicon): readonly Topic[] {
  return words.flatMap((text) => {
    const id = lexicon.idByHash.get(hashOf(text.toLowerCase())) ?? NOT_READ;
    if (id !== NOT_READ) counts.set(id, (counts.get(id) ?? 0) + NAME_MIN_COUNT);
    return id === NOT_READ || !isName(lexicon, id) ? [{ id, text }] : [];
  });
}

function isSubject(lexicon: Lexicon, id: number): boolean {
  if (lexicon.stop[id] || lexicon.numeric[id] || isName(lexicon, id)) return false;
  return lexicon.sentences[id]! > 1 && lexicon.spelling[id]!.length >= SUBJECT_MIN_CHARACTERS;
}

/** Names and subjects of the sentences, the most frequent first; what older indexes list is kept among them. */
export function topicsOf(sentences: readonly Sentence[], reading: TextIndex, older: readonly SummaryText[]): Topics {
  const { lexicon, words } = reading;
  const counts = countWords(sentences);
  const olderNames = countOlder(
    counts,
    older.flatMap((summary) => summary.names),
    lexicon,
  );
  const olderSubjects = countOlder(
    counts,
    older.flatMap((summary) => summary.subjects),
    lexicon,
  );
  const topic = (id: number): Topic => ({ id, text: lexicon.spelling[id]! });
  const names = [...counts.keys()].filter((id) => isName(lexicon, id) && counts.get(id)! >= NAME_MIN_COUNT);
  const subjects = [...counts.keys()].filter((id) => isSubject(lexicon, id));
  const weight = (id: number) => counts.get(id)! * (words.weights[id] ?? 0);
  return {
    names: [...names.toSorted((a, b) => counts.get(b)! - counts.get(a)!).map(topic), ...olderNames],
    subjects: [
      ...subjects
        .toSorted((a, b) => weight(b) - weight(a))
        .slice(0, MAX_SUBJECTS)
        .map(topic),
      ...olderSubjects,
    ],
  };
}

/** As many as fit, in their order, of those not yet said. */
function fitting(topics: readonly Topic[], said: ReadonlySet<number>, length: number): readonly string[] {
  let left = length;
  const words: string[] = [];
  for (const { id, text } of topics) {
    if (said.has(id) || text.length + 2 > left) continue;
    left -= text.length + 2;
    words.push(text);
  }
  return words;
}

/** The index line, in at most `length` characters, of what the chosen sentences leave out; null where nothing fits. */
export function indexLineOf(topics: Topics, chosen: readonly Sentence[], length: number): string | null {
  const said = new Set(chosen.flatMap((sentence) => sentence.words));
  const room = length - indexLine([], []).length - 3;
  const names = fitting(topics.names, said, room * (1 - SUBJECTS_SHARE));
  const subjects = fitting(topics.subjects, said, room * SUBJECTS_SHARE);
  return names.length + subjects.length === 0 ? null : indexLine(names, subjects);
}
