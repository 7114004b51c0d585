/** Replaces large artefacts by stubs: one line with kind, size, first words, and a link to the whole message. */
import type { ToolCall } from '#domain/conversations/message.ts';
import type { Estimator } from '#domain/conversations/usage.ts';
import { countedText, type Entry } from '#domain/conversations/window.ts';
import { beginningOf } from '#domain/text/characters.ts';
import { type Artefact, artefactsIn } from './artefacts.ts';

/** The length of the quotation in a stub. */
const FIRST_WORDS_MAX_CHARACTERS = 60;
/** Shorter arguments take no more than the stub that would replace them. */
const WHOLE_STUB_MIN_CHARACTERS = 100;

/** Returns the link to a whole message, relative to its thread. */
export function linkTo(seq: number): string {
  return `messages/${seq}`;
}

/** Formats a whole number with commas. Unlike `toLocaleString`, it gives the same text on every machine. */
export function grouped(count: number): string {
  const digits = String(count);
  const parts: string[] = [];
  for (let end = digits.length; end > 0; end -= 3) parts.unshift(digits.slice(Math.max(0, end - 3), end));
  return parts.join(',');
}

/** The beginning of an artefact, without the opening fence of a code block. */
function firstWords(text: string, artefact: Artefact): string {
  const inside = artefact.kind === 'code' ? text.indexOf('\n', artefact.start) + 1 : artefact.start;
  const from = inside > artefact.start && inside < artefact.end ? inside : artefact.start;
  return beginningOf(
    // `beginningOf` collapses white space, so it is given more than it returns.
    text.slice(from, Math.min(artefact.end, from + FIRST_WORDS_MAX_CHARACTERS * 8)),
    FIRST_WORDS_MAX_CHARACTERS,
  );
}

/** The stub of one artefact. */
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

/**
 * A tool call with its large arguments replaced by a link. They stay a JSON object, which some model servers require.
 */
function stubbedCall(call: ToolCall, minCharacters: number, seq: number): ToolCall {
  if (call.arguments.length < minCharacters) return call;
  const stub = JSON.stringify({ stubbed: linkTo(seq), characters: call.arguments.length });
  return { ...call, arguments: stub };
}

/**
 * Returns the entry with its artefacts of at least `minCharacters` stubbed. Role and call ids stay. The size is not
 * updated.
 */
export function stubbed(entry: Entry, minCharacters: number): Entry {
  return {
    ...entry,
    kind: 'stubbed',
    content: stubbedContent(entry, minCharacters),
    toolCalls: entry.toolCalls?.map((call) => stubbedCall(call, minCharacters, entry.fromSeq)) ?? null,
  };
}

/** Returns the entry with its whole content as one stub, and long arguments stubbed. The size is not updated. */
export function wholeStub(entry: Entry): Entry {
  const all: Artefact = { kind: entry.role === 'tool' ? 'tool output' : 'text', start: 0, end: entry.content.length };
  return {
    ...entry,
    kind: 'stubbed',
    content: entry.content === '' ? '' : lineFor(entry.content, all, entry.fromSeq),
    toolCalls: entry.toolCalls?.map((call) => stubbedCall(call, WHOLE_STUB_MIN_CHARACTERS, entry.fromSeq)) ?? null,
  };
}

/**
 * Returns the shortest form of an entry that must stay: a link, and calls without arguments. The size is not updated.
 */
export function bareStub(entry: Entry): Entry {
  return {
    ...entry,
    kind: 'stubbed',
    content: entry.content === '' ? '' : linkTo(entry.fromSeq),
    toolCalls: entry.toolCalls?.map((call) => ({ ...call, arguments: '{}' })) ?? null,
  };
}

/** Returns the smallest size of an entry that must stay: its own or its bare stub's, in the estimator's unit. */
export function leastEntrySize(entry: Entry, estimator: Estimator): number {
  return Math.min(entry.size, estimator.size(countedText(bareStub(entry))));
}
