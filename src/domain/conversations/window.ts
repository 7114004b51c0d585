/** The window: the ordered entries that stand for a whole transcript, each message exactly once. */
import type { MessageDraft, MessageRole, ToolCall } from './message.ts';

export const ENTRY_KINDS = ['message', 'folded', 'condensed', 'stubbed', 'summary'] as const;

/**
 * `message`: one message, verbatim. `folded`: several equal notices, with a count. `condensed`: one message, shortened.
 * `stubbed`: one message whose large artefacts are links. `summary`: many messages as one text, in the role `user`; in
 * windows of older versions `system`.
 */
type EntryKind = (typeof ENTRY_KINDS)[number];

/** One item of a window. */
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
  /** The messages that the entry stands for, ascending; null if they are all of `fromSeq..toSeq`. */
  seqs: readonly number[] | null;
  /** The size of `countedText`, in the estimator's unit. */
  size: number;
  pinned: boolean;
  /**
   * How often common words were said in what a summary stands for: state of the compaction, which neither clients nor
   * models see, and which has no size. Absent from other entries and from summaries of older versions.
   */
  commonWords?: string;
}>;

/** What a language model would be sent. */
export type Window = Readonly<{
  systemPrompt: string | null;
  /** Size of the system prompt and all entries, in the estimator's unit. */
  size: number;
  entries: readonly Entry[];
}>;

/** Returns the text that an estimator counts for a message or entry: the content, then the tool calls as JSON. */
export function countedText(part: Pick<Entry, 'content' | 'toolCalls'>): string {
  return part.toolCalls === null ? part.content : part.content + JSON.stringify(part.toolCalls);
}

/** Returns the number of messages that an entry stands for. */
export function messagesIn(entry: Pick<Entry, 'fromSeq' | 'toSeq' | 'seqs'>): number {
  return entry.seqs === null ? entry.toSeq - entry.fromSeq + 1 : entry.seqs.length;
}

/** Returns the seqs of the messages that an entry stands for, ascending. */
export function seqsOf(entry: Pick<Entry, 'fromSeq' | 'toSeq' | 'seqs'>): readonly number[] {
  return entry.seqs ?? Array.from({ length: entry.toSeq - entry.fromSeq + 1 }, (_, i) => entry.fromSeq + i);
}

/** Returns the number of entries that show a message verbatim. */
export function verbatimCount({ entries }: Pick<Window, 'entries'>): number {
  return entries.filter((entry) => entry.kind === 'message').length;
}

/** Returns the entry that shows a message verbatim. */
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

/**
 * Returns a window of these entries and its size. `promptSize` is that of the system prompt, in the estimator's unit.
 */
export function windowOf(systemPrompt: string | null, promptSize: number, entries: readonly Entry[]): Window {
  return { systemPrompt, entries, size: entries.reduce((sum, entry) => sum + entry.size, promptSize) };
}

/** Returns the window with one more entry at its end. */
export function withEntry(window: Window, entry: Entry): Window {
  return { ...window, size: window.size + entry.size, entries: [...window.entries, entry] };
}
