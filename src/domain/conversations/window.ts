/** The window: the ordered entries that stand for the whole transcript, each message exactly once. */
import type { MessageDraft, MessageRole, ToolCall } from './message.ts';

export const ENTRY_KINDS = ['message', 'folded', 'condensed', 'stubbed', 'summary'] as const;

/**
 * `message`: verbatim. `folded`: notices that say the same, with a count. `condensed`: one message, shortened.
 * `stubbed`: one message whose large artefacts became links. `summary`: many messages, in the role `system`.
 */
export type EntryKind = (typeof ENTRY_KINDS)[number];

export type Entry = Readonly<{
  kind: EntryKind;
  role: MessageRole;
  name: string | null;
  content: string;
  toolCalls: readonly ToolCall[] | null;
  toolCallId: string | null;
  /** The first and the last message that the entry stands for. */
  fromSeq: number;
  toSeq: number;
  /** Exactly which messages, ascending; null where they are all of `fromSeq..toSeq`. */
  seqs: readonly number[] | null;
  /** In the estimator's unit (`Estimator.size`), tool calls included. */
  size: number;
  pinned: boolean;
}>;

export type Window = Readonly<{
  systemPrompt: string | null;
  /** Size of the system prompt and all entries, in the estimator's unit. */
  size: number;
  entries: readonly Entry[];
}>;

/** The text of a message or entry as an estimator counts it: content, then tool calls as JSON. */
export function countedText(part: Pick<Entry, 'content' | 'toolCalls'>): string {
  return part.toolCalls === null ? part.content : part.content + JSON.stringify(part.toolCalls);
}

/** How many messages an entry stands for. */
export function messagesIn(entry: Pick<Entry, 'fromSeq' | 'toSeq' | 'seqs'>): number {
  return entry.seqs === null ? entry.toSeq - entry.fromSeq + 1 : entry.seqs.length;
}

/** The numbers of the messages that an entry stands for, ascending. */
export function seqsOf(entry: Pick<Entry, 'fromSeq' | 'toSeq' | 'seqs'>): readonly number[] {
  return entry.seqs ?? Array.from({ length: entry.toSeq - entry.fromSeq + 1 }, (_, i) => entry.fromSeq + i);
}

/** The entry that shows one message verbatim. */
export function verbatim(message: MessageDraft, seq: number, pinned: boolean): Entry {
  return {
    kind: 'message',
    role: message.role,
    name: message.name,
    content: message.content,
    toolCalls: message.toolCalls,
    toolCallId: message.toolCallId,
    fromSeq: seq,
    toSeq: seq,
    seqs: null,
    size: message.size,
    pinned,
  };
}

/** A window of these entries; `promptSize` is the system prompt's, in the estimator's unit. */
export function windowOf(systemPrompt: string | null, promptSize: number, entries: readonly Entry[]): Window {
  return { systemPrompt, entries, size: entries.reduce((sum, entry) => sum + entry.size, promptSize) };
}

/** The same window with one more entry at its end. */
export function withEntry(window: Window, entry: Entry): Window {
  return { ...window, size: window.size + entry.size, entries: [...window.entries, entry] };
}

/** The number of the last message that the window stands for; 0 where it stands for none. */
export function lastSeqOf(window: Window): number {
  return window.entries.reduce((last, entry) => Math.max(last, entry.toSeq), 0);
}
