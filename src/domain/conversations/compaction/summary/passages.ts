/** An entry's sentences, with who says them and their words. */
import type { Entry } from '#domain/conversations/window.ts';
import { beginningOf } from '#domain/text/characters.ts';
import { type Lexicon, readSentence } from '#domain/text/lexicon.ts';
import { isStageDirection, type Span, sentencesOf } from '#domain/text/sentences.ts';
import { parseSummary } from './summary-text.ts';

export type Sentence = Readonly<{
  text: string;
  start: number;
  end: number;
  /** Who says it; null where that is not known. */
  speaker: string | null;
  words: readonly number[];
  /** In parentheses, as "(laughter)". */
  aside: boolean;
  /** Whether it is the first or the last of its message. */
  edge: boolean;
}>;

/** A line that says which tools a message calls, as far as a reader needs it. */
const CALL_MAX_CHARACTERS = 160;

function callLines(entry: Entry): string {
  return (entry.toolCalls ?? [])
    .map((call) => `${call.name}(${beginningOf(call.arguments, CALL_MAX_CHARACTERS)})`)
    .join('\n');
}

function readText(lexicon: Lexicon, text: string, speaker: string | null): Sentence[] {
  return sentencesOf(text).map((span, i, all) => ({
    text,
    start: span.start,
    end: span.end,
    speaker,
    words: readSentence(lexicon, text, span.start, span.end),
    aside: isStageDirection(text, span),
    edge: i === 0 || i === all.length - 1,
  }));
}

/** The sentences of an entry in order, its calls as lines of their own; their words are counted in the lexicon. */
export function readEntry(lexicon: Lexicon, entry: Entry): readonly Sentence[] {
  if (entry.kind === 'summary') {
    return parseSummary(entry.content).passages.flatMap((part) => readText(lexicon, part.text, part.speaker));
  }
  const speaker = entry.name ?? entry.role;
  const said = readText(lexicon, entry.content, speaker);
  return entry.toolCalls === null ? said : [...said, ...readText(lexicon, callLines(entry), speaker)];
}

export function lengthOf(span: Span): number {
  return span.end - span.start;
}
