/** The form of a summary's text: written so that people and models can read it, and the next compaction too. */

/** What one speaker says, in the words of the messages. */
export type Passage = Readonly<{ speaker: string | null; text: string }>;

export type SummaryText = Readonly<{
  passages: readonly Passage[];
  /** Names, then subjects, of which the passages do not speak. */
  names: readonly string[];
  subjects: readonly string[];
}>;

const SPEAKER_MAX_CHARACTERS = 60;
const INDEX_START = '[Also: ';
const HEADER = /^\[Summary of messages \d+-\d+\]$/u;

/** The first line of a summary of the messages `from..to`. */
export function headerOf(from: number, to: number): string {
  return `[Summary of messages ${from}-${to}]`;
}

export function indexLine(names: readonly string[], subjects: readonly string[]): string {
  const parts = subjects.length === 0 ? [names.join(', ')] : [names.join(', '), subjects.join(', ')];
  return `${INDEX_START}${parts.join(' | ')}]`;
}

/** A passage as a line. A speaker's name that could not be read back is left out. */
export function passageLine({ speaker, text }: Passage): string {
  return speaker === null ? text : `${speaker}: ${text}`;
}

/** Whether a speaker's name can stand before a colon at the beginning of a line. */
export function isSpeakable(name: string): boolean {
  return name.length <= SPEAKER_MAX_CHARACTERS && !/[:\n\r[\]]/u.test(name);
}

function parsePassage(line: string): Passage {
  const colon = line.slice(0, SPEAKER_MAX_CHARACTERS + 2).indexOf(': ');
  if (colon <= 0) return { speaker: null, text: line };
  return { speaker: line.slice(0, colon), text: line.slice(colon + 2) };
}

function parseIndex(line: string): Pick<SummaryText, 'names' | 'subjects'> {
  const [names = '', subjects = ''] = line.slice(INDEX_START.length, -1).split(' | ');
  const listed = (part: string) => part.split(', ').filter((word) => word !== '');
  return { names: listed(names), subjects: listed(subjects) };
}

/** Reads a summary back; a text of another form, as a language model writes it, is passages without speakers. */
export function parseSummary(content: string): SummaryText {
  const lines = content.split('\n').filter((line) => line.trim() !== '' && !HEADER.test(line));
  const index = lines.findLast((line) => line.startsWith(INDEX_START) && line.endsWith(']'));
  return {
    passages: lines.filter((line) => line !== index).map(parsePassage),
    ...(index === undefined ? { names: [], subjects: [] } : parseIndex(index)),
  };
}
