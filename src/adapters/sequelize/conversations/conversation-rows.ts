/** Rows of messages and revisions, and what they are in the domain. */
import type { StoredMessage } from '#application/conversations/ports.ts';
import type { CountedEntry, WindowHead } from '#domain/conversations/compose-window.ts';
import type { MessageDraft, MessageRole } from '#domain/conversations/message.ts';
import type { ContextEvent, Revision } from '#domain/conversations/revision.ts';
import type { EstimatorName } from '#domain/conversations/usage.ts';
import type { Entry } from '#domain/conversations/window.ts';
import type { MessageId, ThreadId, UserId } from '#domain/shared/ids.ts';

/** What a window needs of a message. */
export type EntryRow = {
  seq: number;
  role: string;
  name: string | null;
  content: string;
  tool_calls: string | null;
  tool_call_id: string | null;
  size: number;
  /** Who counted `size`. */
  estimator: string;
};

export type MessageRow = EntryRow & {
  thread_id: string;
  id: string;
  author_id: string | null;
  created_at: number;
  metadata: string;
  /** 0 or 1 on SQLite. */
  pinned: boolean | number;
};

/** What a window takes of its head revision; all null before the first one. */
export type HeadRow = { head_upto_seq: number | null; head_entries: string | null; head_estimator: string | null };

export type RevisionRow = {
  thread_id: string;
  id: number;
  parent_id: number;
  upto_seq: number;
  size: number;
  estimator: string;
  made_by: string;
  event: string;
  entries: string;
};

/** The values of a message row in the order of its columns, from the id to the size. */
export function messageValues(message: MessageDraft): (string | number | null)[] {
  return [
    message.id,
    message.role,
    message.authorId,
    message.name,
    message.content,
    message.toolCalls === null ? null : JSON.stringify(message.toolCalls),
    message.toolCallId,
    message.createdAt.getTime(),
    JSON.stringify(message.metadata),
    message.size,
  ];
}

export function messageFrom(row: MessageRow): StoredMessage {
  return {
    id: row.id as MessageId,
    threadId: row.thread_id as ThreadId,
    seq: row.seq,
    role: row.role as MessageRole,
    authorId: row.author_id as UserId | null,
    name: row.name,
    content: row.content,
    toolCalls: row.tool_calls === null ? null : JSON.parse(row.tool_calls),
    toolCallId: row.tool_call_id,
    createdAt: new Date(row.created_at),
    metadata: JSON.parse(row.metadata),
    size: row.size,
    pinned: Boolean(row.pinned),
  };
}

export function countedEntryFrom(row: EntryRow): CountedEntry {
  const entry: Entry = {
    kind: 'message',
    role: row.role as MessageRole,
    name: row.name,
    content: row.content,
    toolCalls: row.tool_calls === null ? null : JSON.parse(row.tool_calls),
    toolCallId: row.tool_call_id,
    fromSeq: row.seq,
    toSeq: row.seq,
    seqs: null,
    size: row.size,
    pinned: false,
  };
  return { entry, estimator: row.estimator as EstimatorName };
}

/** The values of a revision row in the order of its columns, from the id on. */
export function revisionValues(revision: Revision): (string | number)[] {
  return [
    revision.id,
    revision.parentId,
    revision.uptoSeq,
    revision.size,
    revision.estimator,
    revision.madeBy,
    JSON.stringify(revision.event),
    JSON.stringify(revision.entries),
  ];
}

export function revisionFrom(row: RevisionRow): Revision {
  return {
    id: row.id,
    parentId: row.parent_id,
    uptoSeq: row.upto_seq,
    entries: JSON.parse(row.entries),
    size: row.size,
    estimator: row.estimator as EstimatorName,
    madeBy: row.made_by as Revision['madeBy'],
    event: eventFrom(row.event),
  };
}

export function headFrom(row: HeadRow): WindowHead | undefined {
  if (row.head_entries === null) return undefined;
  return {
    uptoSeq: Number(row.head_upto_seq),
    entries: JSON.parse(row.head_entries),
    estimator: row.head_estimator as EstimatorName,
  };
}

export function eventFrom(json: string): ContextEvent {
  const event = JSON.parse(json);
  return { ...event, at: new Date(event.at) };
}
