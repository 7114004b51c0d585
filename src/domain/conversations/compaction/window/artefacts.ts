/** Finds the large artefacts in a message: code blocks, tables, JSON, tool output, base64. One pass for each kind. */
import type { Entry } from '#domain/conversations/window.ts';
import type { Span } from '#domain/text/sentences.ts';

type ArtefactKind = 'code' | 'table' | 'JSON' | 'tool output' | 'base64' | 'text';
export type Artefact = Span & Readonly<{ kind: ArtefactKind }>;

/** Base64 that is wrapped has lines of 60 to 76 characters; a list of words has short ones. */
const BASE64_LINE_MIN_CHARACTERS = 40;
const FENCE = '```';

/** The lines of a text as spans, without their line ends. */
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

function codeBlocks(text: string): Artefact[] {
  const found: Artefact[] = [];
  if (!text.includes(FENCE)) return found;
  let opened = -1;
  for (const line of linesOf(text)) {
    if (!isFence(text, line)) continue;
    if (opened !== -1) found.push({ kind: 'code', start: opened, end: line.end });
    opened = opened === -1 ? line.start : -1;
  }
  if (opened !== -1) found.push({ kind: 'code', start: opened, end: text.length });
  return found;
}

function isTableRow(text: string, line: Span): boolean {
  if (text[line.start] === '|') return true;
  const tab = text.indexOf('\t', line.start);
  return tab !== -1 && tab < line.end;
}

function tables(text: string): Artefact[] {
  const found: Artefact[] = [];
  if (!text.includes('|') && !text.includes('\t')) return found;
  let start = -1;
  let end = -1;
  const close = () => {
    if (start !== -1) found.push({ kind: 'table', start, end });
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
  return found;
}

const QUOTE = 34;
const BACKSLASH = 92;

function isOpening(code: number): boolean {
  return code === 123 || code === 91;
}

function isClosing(code: number): boolean {
  return code === 125 || code === 93;
}

/** The bracket that closes the one at `start`, counting none within JSON strings; the text's end where it never closes. */
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
 * `{…}` and `[…]` at the top level that have a string in them. What never closes (it was cut off, or is not JSON
 * after all) counts only where the whole text begins with it, and ends the search, so that no text is read twice.
 */
function jsonValues(text: string): Artefact[] {
  const found: Artefact[] = [];
  for (let start = 0; start < text.length; start++) {
    if (!isOpening(text.charCodeAt(start))) continue;
    const end = Math.min(text.length, matchingBracket(text, start) + 1);
    const closes = isClosing(text.charCodeAt(end - 1));
    if ((closes || text.slice(0, start).trim() === '') && text.slice(start, end).includes('"')) {
      found.push({ kind: 'JSON', start, end });
    }
    start = end;
  }
  return found;
}

const BASE64 = new Uint8Array(128);
for (const character of 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=_-') {
  BASE64[character.charCodeAt(0)] = 1;
}

function isBase64(code: number): boolean {
  return code < 128 && BASE64[code] === 1;
}

/** Where a run of base64 ends that may go on over line ends, and how many lines it has. */
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

function base64Runs(text: string): Artefact[] {
  const found: Artefact[] = [];
  for (let start = 0; start < text.length; start++) {
    if (!isBase64(text.charCodeAt(start))) continue;
    const { end, lines } = base64Run(text, start);
    if ((end - start) / lines >= BASE64_LINE_MIN_CHARACTERS) found.push({ kind: 'base64', start, end });
    start = end;
  }
  return found;
}

/** Of overlapping artefacts the first in the order of `finders`, in the order of the text. */
function withoutOverlaps(artefacts: readonly Artefact[]): readonly Artefact[] {
  const sorted = artefacts.toSorted((a, b) => a.start - b.start || b.end - a.end);
  let end = 0;
  return sorted.filter((artefact) => {
    const apart = artefact.start >= end;
    if (apart) end = artefact.end;
    return apart;
  });
}

const finders = [codeBlocks, tables, jsonValues, base64Runs];

/** The artefacts of at least `minCharacters` in an entry's content, in order, none within another. */
export function artefactsIn(entry: Pick<Entry, 'role' | 'content'>, minCharacters: number): readonly Artefact[] {
  const { role, content } = entry;
  if (content.length < minCharacters) return [];
  if (role === 'tool') return [{ kind: 'tool output', start: 0, end: content.length }];
  const found = finders.flatMap((find) => find(content));
  return withoutOverlaps(found.filter((artefact) => artefact.end - artefact.start >= minCharacters));
}

/** Whether an entry holds a large artefact, in its content or as the arguments of a call. */
export function hasArtefacts(entry: Entry, minCharacters: number): boolean {
  const inCalls = entry.toolCalls?.some((call) => call.arguments.length >= minCharacters) ?? false;
  return inCalls || artefactsIn(entry, minCharacters).length > 0;
}
