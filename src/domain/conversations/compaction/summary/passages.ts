/** Splits a window's entry into sentences, each with its speaker, its message and the ids of its words. */
import type { MessageRole } from '#domain/conversations/message.ts';
import type { Entry } from '#domain/conversations/window.ts';
import { beginningOf } from '#domain/text/characters.ts';
import type { Lexicon } from '#domain/text/lexicon.ts';
import { isStageDirection, type Span, sentencesOf } from '#domain/text/sentences.ts';
import { readSentence } from '#domain/text/words.ts';
import { isStructured, mayBeStructured } from './structured.ts';
import { isParting, LINE_END, parseSummary } from './summary-text.ts';

/** What all sentences of one passage or message have in common. */
type Origin = Readonly<{
  /** The message that it begins with; in old summaries, which do not say so, an estimate. */
  seq: number;
  /** Whether `seq` is that message, and not an estimate. */
  isExact: boolean;
  /** The name or role of its author; null in a passage of a summary that names none. */
  speaker: string | null;
  role: MessageRole;
  /** Whether it comes from a summary, where it is a passage of its own already. */
  isSummarised: boolean;
  /** Whether a notice was left out before it by an earlier summary. */
  isParted: boolean;
}>;

export type Sentence = Readonly<{
  /** The whole text that the sentence is part of; `start..end` is its range in it. */
  text: string;
  start: number;
  end: number;
  origin: Origin;
  /** Word ids in order. */
  words: readonly number[];
  /** Whether it is a stage direction, as in "(laughter)". */
  aside: boolean;
  /** Whether it is code, a row of a table, JSON or the like, or the call of a tool. */
  structured: boolean;
  /** Whether its origin has nothing between the sentence before and this one. */
  follows: boolean;
}>;

/** The arguments of a tool call are cut to this length when the call is summarised. */
const CALL_MAX_CHARACTERS = 160;
/**
 * What a sentence of a summary counts for in the statistics of words. It was chosen for its rare words: counted like
 * others, these would no longer be rare.
 */
const SUMMARISED_COUNT = 0.02;
/** The mark of a gap. */
const GAP = '…';
const SPACE = /\s/u;

/** One line for each tool call, `name(arguments)`. */
function callLines(entry: Entry): string {
  return (entry.toolCalls ?? [])
    .map((call) => `${call.name}(${beginningOf(call.arguments, CALL_MAX_CHARACTERS)})`)
    .join('\n');
}

type Part = Readonly<{ text: string; spans: readonly Span[] }>;

/** Reads sentences with nothing left out between them. */
function readPart(lexicon: Lexicon, { text, spans }: Part, origin: Origin, structured: boolean): Sentence[] {
  const mixed = !structured && mayBeStructured(text);
  return spans.map((span, i) => ({
    text,
    start: span.start,
    end: span.end,
    origin,
    words: readSentence(lexicon, text, span.start, span.end, origin.isSummarised ? SUMMARISED_COUNT : 1),
    aside: isStageDirection(text, span),
    structured: structured || (mixed && isStructured(text, span.start, span.end)),
    follows: i > 0,
  }));
}

function readText(lexicon: Lexicon, text: string, origin: Origin, structured: boolean): Sentence[] {
  return readPart(lexicon, { text, spans: sentencesOf(text) }, origin, structured);
}

/** The marks of gaps, each with the space or the end of the text at either side of it. */
function gapsIn(text: string): Span[] {
  const gaps: Span[] = [];
  for (let at = text.indexOf(GAP); at >= 0; at = text.indexOf(GAP, at + 1)) {
    const isOpen = at === 0 || SPACE.test(text[at - 1]!);
    const isClosed = at + 1 === text.length || SPACE.test(text[at + 1]!);
    if (isOpen && isClosed) gaps.push({ start: Math.max(0, at - 1), end: Math.min(text.length, at + 2) });
  }
  return gaps;
}

/** Reads a text in which gaps are marked. */
function readParts(lexicon: Lexicon, text: string, origin: Origin): Sentence[] {
  const gaps = gapsIn(text);
  if (gaps.length === 0) return readText(lexicon, text, origin, false);
  const starts = [0, ...gaps.map(({ end }) => end)];
  return starts.flatMap((start, i) => {
    const inside = sentencesOf(text.slice(start, gaps[i]?.start));
    const spans = inside.map((span) => ({ start: start + span.start, end: start + span.end }));
    return readPart(lexicon, { text, spans }, origin, false);
  });
}

/** Reads a summary passage by passage. Those without a number are taken to be spread evenly over its messages. */
function readSummary(lexicon: Lexicon, entry: Entry, roleOf: (speaker: string | null) => MessageRole): Sentence[] {
  const { passages } = parseSummary(entry.content);
  const spread = (entry.toSeq - entry.fromSeq) / Math.max(1, passages.length);
  return passages.flatMap(({ seq, speaker, text }, i) => {
    const isExact = seq !== null && seq >= entry.fromSeq && seq <= entry.toSeq;
    const place = isExact ? seq : entry.fromSeq + Math.floor(i * spread);
    const isParted = i > 0 && isParting(passages[i - 1]!);
    // Only notices are nobody's words, or those of a name that no line can show.
    const role = speaker === null && isExact ? 'system' : roleOf(speaker);
    const origin = { seq: place, isExact, speaker, role, isSummarised: true, isParted };
    return readParts(lexicon, text.replaceAll(LINE_END, '\n'), origin);
  });
}

/**
 * Returns the sentences of an entry in order, followed by a line for each tool call, and adds their words to the
 * lexicon. A summary is read passage by passage; `roleOf` says who speaks in them.
 */
export function readEntry(
  lexicon: Lexicon,
  entry: Entry,
  roleOf: (speaker: string | null) => MessageRole = () => 'user',
): readonly Sentence[] {
  if (entry.kind === 'summary') return readSummary(lexicon, entry, roleOf);
  const { name, role, fromSeq: seq } = entry;
  const origin: Origin = { seq, isExact: true, speaker: name ?? role, role, isSummarised: false, isParted: false };
  const sentences =
    entry.kind === 'message'
      ? readText(lexicon, entry.content, origin, false)
      : readParts(lexicon, entry.content, origin);
  return entry.toolCalls === null ? sentences : [...sentences, ...readText(lexicon, callLines(entry), origin, true)];
}

/** Whether nothing is left out between two sentences that follow each other among all sentences. */
export function isAdjacent(before: Sentence, after: Sentence): boolean {
  return after.follows && before.origin === after.origin;
}

/** The length of a span in UTF-16 code units. */
export function lengthOf(span: Span): number {
  return span.end - span.start;
}
