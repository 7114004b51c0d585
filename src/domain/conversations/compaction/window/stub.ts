/** What stands in a window for a large artefact: one line with its kind, size, first words, and where the whole is. */
import type { ToolCall } from '#domain/conversations/message.ts';
import type { Entry } from '#domain/conversations/window.ts';
import { beginningOf } from '#domain/text/characters.ts';
import { type Artefact, artefactsIn } from './artefacts.ts';

const FIRST_WORDS_MAX_CHARACTERS = 60;
/** Arguments shorter than this are no longer than what would stand for them. */
const WHOLE_STUB_MIN_CHARACTERS = 100;

/** Where a message can be read whole, relative to its thread. */
export function linkTo(seq: number): string {
  return `messages/${seq}`;
}

/** A whole number with commas, the same on every machine. */
export function grouped(count: number): string {
  const digits = String(count);
  const parts: string[] = [];
  for (let end = digits.length; end > 0; end -= 3) parts.unshift(digits.slice(Math.max(0, end - 3), end));
  return parts.join(',');
}

function firstWords(text: string, artefact: Artefact): string {
  const inside = artefact.kind === 'code' ? text.indexOf('\n', artefact.start) + 1 : artefact.start;
  const from = inside > artefact.start && inside < artefact.end ? inside : artefact.start;
  return beginningOf(
    text.slice(from, Math.min(artefact.end, from + FIRST_WORDS_MAX_CHARACTERS * 8)),
    FIRST_WORDS_MAX_CHARACTERS,
  );
}

function lineFor(text: string, artefact: Artefact, seq: number): string {
  const size = grouped(artefact.end - artefact.start);
  return `[${artefact.kind}, ${size} characters, "${firstWords(text, artefact)}": ${linkTo(seq)}]`;
}

function stubbedContent(entry: Entry, minCharacters: number): string {
  let content = '';
  let from = 0;
  for (const artefact of artefactsIn(entry, minCharacters)) {
    content += entry.content.slice(from, artefact.start) + lineFor(entry.content, artefact, entry.fromSeq);
    from = artefact.end;
  }
  return content + entry.content.slice(from);
}

/** A call whose large arguments became a link; they stay a JSON object, for servers that insist on one. */
function stubbedCall(call: ToolCall, minCharacters: number, seq: number): ToolCall {
  if (call.arguments.length < minCharacters) return call;
  const stub = JSON.stringify({ stubbed: linkTo(seq), characters: call.arguments.length });
  return { ...call, arguments: stub };
}

/** The entry with its artefacts of at least `minCharacters` stubbed; role and call ids stay. */
export function stubbed(entry: Entry, minCharacters: number): Entry {
  return {
    ...entry,
    kind: 'stubbed',
    content: stubbedContent(entry, minCharacters),
    toolCalls: entry.toolCalls?.map((call) => stubbedCall(call, minCharacters, entry.fromSeq)) ?? null,
  };
}

/** The entry with all that it says as one line, and its larger arguments stubbed. */
export function wholeStub(entry: Entry): Entry {
  const all: Artefact = { kind: entry.role === 'tool' ? 'tool output' : 'text', start: 0, end: entry.content.length };
  return {
    ...entry,
    kind: 'stubbed',
    content: entry.content === '' ? '' : lineFor(entry.content, all, entry.fromSeq),
    toolCalls: entry.toolCalls?.map((call) => stubbedCall(call, WHOLE_STUB_MIN_CHARACTERS, entry.fromSeq)) ?? null,
  };
}

/** The least that can stand for a message whose entry must stay: a link, and calls without arguments. */
export function bareStub(entry: Entry): Entry {
  return {
    ...entry,
    kind: 'stubbed',
    content: entry.content === '' ? '' : linkTo(entry.fromSeq),
    toolCalls: entry.toolCalls?.map((call) => ({ ...call, arguments: '{}' })) ?? null,
  };
}
