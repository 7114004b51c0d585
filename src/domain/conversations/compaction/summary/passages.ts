/** Splits a window's entry into sentences, each with its speaker and the ids of its words. */
import type { Entry } from '#domain/conversations/window.ts';
import { beginningOf } from '#domain/text/characters.ts';
import { type Lexicon, readSentence } from '#domain/text/lexicon.ts';
import { isStageDirection, type Span, sentencesOf } from '#domain/text/sentences.ts';
import { parseSummary } from './summary-text.ts';

export type Sentence = Readonly<{
  /** The whole text that the sentence is part of; `start..end` is its range in it. */
  text: string;
  start: number;
  end: number;
  /** The name or role of its message's author; null in a passage of a summary that names none. */
  speaker: string | null;
  /** Word ids in order. */
  words: readonly number[];
  /** Whether it is a stage direction, as in "(laughter)". */
  aside: boolean;
  /** Whether it is the first or the last sentence of its text. */
  edge: boolean;
}>;

/** The arguments of a tool call are cut to this length when the call is summarised. */
const CALL_MAX_CHARACTERS = 160;

/** One line for each tool call, `name(arguments)`. */
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

/**
 * Returns the sentences of an entry in order, followed by a line for each tool call, and adds their words to the
 * lexicon. A summary is read passage by passage, each with its own speaker.
 */
export function readEntry(lexicon: Lexicon, entry: Entry): readonly Sentence[] {
  if (entry.kind === 'summary') {
    return parseSummary(entry.content).passages.flatMap((part) => readText(lexicon, part.text, part.speaker));
  }
  const speaker = entry.name ?? entry.role;
  const sentences = readText(lexicon, entry.content, speaker);
  return entry.toolCalls === null ? sentences : [...sentences, ...readText(lexicon, callLines(entry), speaker)];
}

/** The length of a span in UTF-16 code units. */
export function lengthOf(span: Span): number {
  return span.end - span.start;
}
