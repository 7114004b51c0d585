/** Finds large artefacts in a message: code blocks, tables, JSON, tool output and base64, in one pass for each kind. */
import type { Entry } from '#domain/conversations/window.ts';
import type { Span } from '#domain/text/sentences.ts';

type ArtefactKind = 'code' | 'table' | 'JSON' | 'tool output' | 'base64' | 'text';
export type Artefact = Span & Readonly<{ kind: ArtefactKind }>;

/** Separates base64, whose lines have 60 to 76 characters when it is wrapped, from a list of words, one a line. */
const BASE64_LINE_MIN_CHARACTERS = 40;
const FENCE = '```';

/** Yields the lines of a text without their line breaks. */
function* linesOf(text: string): Generator<Span> {
  for (let start = 0; start <= text.length; ) {
    const newline = text.indexOf('\n', start);
    const end = newline === -1 ? text.length : newline;
    yield { start, end };
    start = end + 1;
  }
}

function isFence(text: string, line: Span): boolean {
  return text.startsWith(FENCE, line.start) || text.slice(line.start, line.end).trimStart().startsWith(FENCE);
}

/** Fenced code blocks, fences included. A fence that is never closed extends to the end of the text. */
function codeBlocks(text: string): Artefact[] {
  const blocks: Artefact[] = [];
  if (!text.includes(FENCE)) return blocks;
  let opened = -1;
  for (const line of linesOf(text)) {
    if (!isFence(text, line)) continue;
    if (opened !== -1) blocks.push({ kind: 'code', start: opened, end: line.end });
    opened = opened === -1 ? line.start : -1;
  }
  if (opened !== -1) blocks.push({ kind: 'code', start: opened, end: text.length });
  return blocks;
}

/** Whether a line begins with a pipe (Markdown) or contains a tab (tab-separated values). */
function isTableRow(text: string, line: Span): boolean {
  if (text[line.start] === '|') return true;
  const tab = text.indexOf('\t', line.start);
  return tab !== -1 && tab < line.end;
}

/** Runs of consecutive table rows. */
function tables(text: string): Artefact[] {
  const artefacts: Artefact[] = [];
  if (!text.includes('|') && !text.includes('\t')) return artefacts;
  let start = -1;
  let end = -1;
  const close = () => {
    if (start !== -1) artefacts.push({ kind: 'table', start, end });
    start = -1;
  };
  for (const line of linesOf(text)) {
    if (!isTableRow(text, line)) close();
    else {
      if (start === -1) start = line.start;
      end = line.end;
    }
  }
  close();
  return artefacts;
}

const QUOTE = 34;
const BACKSLASH = 92;

function isOpening(code: number): boolean {
  return code === 123 || code === 91;
}

function isClosing(code: number): boolean {
  return code === 125 || code === 93;
}

/**
 * Returns the index of the bracket that closes the one at `start`, ignoring brackets in JSON strings; the text's length
 * if none does.
 */
function matchingBracket(text: string, start: number): number {
  let depth = 0;
  let inString = false;
  for (let i = start; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === QUOTE) inString = !inString;
    else if (inString) i += code === BACKSLASH ? 1 : 0;
    else if (isOpening(code)) depth++;
    else if (isClosing(code) && --depth === 0) return i;
  }
  return text.length;
}

/**
 * Outermost `{…}` and `[…]` that contain a string. A bracket that never closes, in JSON that was cut off or in other
 * text, counts only at the beginning of the text. Either way it ends the search, so that no text is scanned twice.
 */
function jsonValues(text: string): Artefact[] {
  const values: Artefact[] = [];
  for (let start = 0; start < text.length; start++) {
    if (!isOpening(text.charCodeAt(start))) continue;
    const end = Math.min(text.length, matchingBracket(text, start) + 1);
    const closes = isClosing(text.charCodeAt(end - 1));
    if ((closes || text.slice(0, start).trim() === '') && text.slice(start, end).includes('"')) {
      values.push({ kind: 'JSON', start, end });
    }
    start = end;
  }
  return values;
}

/** 1 for each ASCII character of base64, in both its alphabets. */
const BASE64 = new Uint8Array(128);
for (const character of 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=_-') {
  BASE64[character.charCodeAt(0)] = 1;
}

function isBase64(code: number): boolean {
  return code < 128 && BASE64[code] === 1;
}

/**
 * Returns the end of the run of base64 that begins at `start`, and its number of lines: a run continues across line
 * breaks.
 */
function base64Run(text: string, start: number): Readonly<{ end: number; lines: number }> {
  let lines = 1;
  let end = start;
  for (; end < text.length; end++) {
    const code = text.charCodeAt(end);
    if (code === 10) lines++;
    else if (code !== 13 && !isBase64(code)) break;
  }
  return { end, lines };
}

/** Runs of base64 characters whose lines are long on average. */
function base64Runs(text: string): Artefact[] {
  const runs: Artefact[] = [];
  for (let start = 0; start < text.length; start++) {
    if (!isBase64(text.charCodeAt(start))) continue;
    const { end, lines } = base64Run(text, start);
    if ((end - start) / lines >= BASE64_LINE_MIN_CHARACTERS) runs.push({ kind: 'base64', start, end });
    start = end;
  }
  return runs;
}

/**
 * Sorts artefacts by position and removes those that overlap an earlier one. Of several that begin at the same place
 * the longest remains, and of equal ones that of the first finder.
 */
function withoutOverlaps(artefacts: readonly Artefact[]): readonly Artefact[] {
  const sorted = artefacts.toSorted((a, b) => a.start - b.start || b.end - a.end);
  let end = 0;
  return sorted.filter((artefact) => {
    const isApart = artefact.start >= end;
    if (isApart) end = artefact.end;
    return isApart;
  });
}

const finders = [codeBlocks, tables, jsonValues, base64Runs];

/**
 * Returns the artefacts of at least `minCharacters` in an entry's content, in order and without overlaps. The whole
 * content of a long tool message is one artefact.
 */
export function artefactsIn(entry: Pick<Entry, 'role' | 'content'>, minCharacters: number): readonly Artefact[] {
  const { role, content } = entry;
  if (content.length < minCharacters) return [];
  if (role === 'tool') return [{ kind: 'tool output', start: 0, end: content.length }];
  const artefacts = finders.flatMap((find) => find(content));
  return withoutOverlaps(artefacts.filter((artefact) => artefact.end - artefact.start >= minCharacters));
}

/** Whether an entry contains a large artefact, in its content or as the arguments of a tool call. */
export function hasArtefacts(entry: Entry, minCharacters: number): boolean {
  const inCalls = entry.toolCalls?.some((call) => call.arguments.length >= minCharacters) ?? false;
  return inCalls || artefactsIn(entry, minCharacters).length > 0;
}
