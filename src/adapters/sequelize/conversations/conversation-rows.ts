/** Rows of messages and revisions, and what they are in the domain. */
import type { CitingMessage, StoredMessage } from '#application/conversations/ports.ts';
import type { CountedEntry, WindowHead } from '#domain/conversations/compose-window.ts';
import { MESSAGE_ROLES, type MessageDraft, type MessageRole } from '#domain/conversations/message.ts';
import { type ContextEvent, REVISION_MAKERS, type Revision } from '#domain/conversations/revision.ts';
import type { EstimatorName } from '#domain/conversations/usage.ts';
import type { Entry } from '#domain/conversations/window.ts';
import type { MessageId, ThreadId, UserId } from '#domain/shared/ids.ts';
import { known } from '#domain/shared/vocabulary.ts';

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
  by_user_id: string | null;
};

/** Columns of a message, beside its thread and its number, and the values that they take. */
export const MESSAGE = {
  columns: `id, role, author_id, name, content, tool_calls, tool_call_id, created_at, metadata, size, estimator`,
  values: `:id, :role, :author_id, :name, :content, :tool_calls, :tool_call_id, :created_at, :metadata, :size,
    :estimator`,
  types: {
    id: 'text',
    role: 'text',
    author_id: 'text?',
    name: 'text?',
    content: 'text',
    tool_calls: 'text?',
    tool_call_id: 'text?',
    created_at: 'bigint',
    metadata: 'text',
    size: 'integer',
    estimator: 'text',
  },
} as const;

/** A message as statements take it, but for who counted its size. */
export function messageValues(message: MessageDraft) {
  return {
    thread_id: message.threadId,
    id: message.id,
    role: known(MESSAGE_ROLES, message.role),
    author_id: message.authorId,
    name: message.name,
    content: message.content,
    tool_calls: message.toolCalls === null ? null : JSON.stringify(message.toolCalls),
    tool_call_id: message.toolCallId,
    created_at: message.createdAt.getTime(),
    metadata: JSON.stringify(message.metadata),
    size: message.size,
  };
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

export function citingFrom(row: Pick<MessageRow, 'seq' | 'role' | 'author_id' | 'metadata'>): CitingMessage {
  return {
    seq: row.seq,
    role: row.role as MessageRole,
    authorId: row.author_id as UserId | null,
    metadata: JSON.parse(row.metadata),
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

/**
 * Columns of a revision, beside its thread, and the values that they take: those of a message have some of their names.
 */
export const REVISION = {
  columns: `id, parent_id, upto_seq, size, estimator, made_by, event, entries`,
  values: `:revision, :parent_id, :upto_seq, :revision_size, :revision_estimator, :made_by, :event, :entries`,
  types: {
    revision: 'integer',
    parent_id: 'integer',
    upto_seq: 'integer',
    revision_size: 'bigint',
    revision_estimator: 'text',
    made_by: 'text',
    event: 'text',
    entries: 'text',
  },
} as const;

/** A revision as statements take it. */
export function revisionValues(revision: Revision) {
  return {
    revision: revision.id,
    parent_id: revision.parentId,
    upto_seq: revision.uptoSeq,
    revision_size: revision.size,
    revision_estimator: revision.estimator,
    made_by: known(REVISION_MAKERS, revision.madeBy),
    event: eventJson(revision.event),
    entries: JSON.stringify(revision.entries),
  };
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
    event: eventFrom(row),
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

/** Who compacted stands in a table of its own, which forgets deleted users. */
export const COMPACTOR = {
  types: { thread_id: 'text', revision: 'integer', by_user_id: 'text?' },
  columns: 'thread_id, revision, user_id',
} as const;

function eventJson({ by: _, ...event }: ContextEvent): string {
  return JSON.stringify(event);
}

export function eventFrom(row: Pick<RevisionRow, 'event' | 'by_user_id'>): ContextEvent {
  const event = JSON.parse(row.event);
  return { ...event, by: row.by_user_id as UserId | null, at: new Date(event.at) };
}
