/** How the row of a thread changes with its conversation, on both databases: no row where a change came too late. */
import type {
  AppendChange,
  AppendGuard,
  PinChange,
  RevisionChange,
  WindowChange,
} from '#application/conversations/ports.ts';
import type { MessageDraft } from '#domain/conversations/message.ts';
import { statement } from '../shared/statement.ts';
import { messageValues, revisionValues } from './conversation-rows.ts';

/**
 * Whoever left the game since their access was checked appends nothing. In a conversation of one's own nothing is
 * looked up.
 */
export const mayAppend = (thread: string, author: string) =>
  `(${thread}.game_id IS NULL OR ${thread}.owner_id = ${author} OR EXISTS (
        SELECT 1 FROM game_members WHERE game_members.game_id = ${thread}.game_id AND user_id = ${author}))`;
const MAY_APPEND = mayAppend('threads', ':author_id');

/** The window stays within its limits. */
export const APPEND = {
  types: {
    thread_id: 'text',
    author_id: 'text?',
    version: 'integer',
    estimator: 'text',
    size: 'integer',
    size_below: 'bigint',
    max_entries: 'bigint',
    created_at: 'bigint',
    title: 'text?',
  },
  text: `
    UPDATE threads
    SET last_seq = last_seq + 1, window_size = window_size + :size, window_entries = window_entries + 1,
        last_message_at = :created_at, title = COALESCE(title, :title)
    WHERE id = :thread_id AND NOT archived AND version = :version AND estimator = :estimator
      AND window_size + :size < :size_below AND window_entries < :max_entries
      AND ${MAY_APPEND}
    RETURNING *`,
} as const;

export function appendValues(message: MessageDraft, guard: AppendGuard, title: string | null) {
  const { ifVersion: version, estimator, sizeBelow: size_below, maxEntries: max_entries } = guard;
  return { ...messageValues(message), version, estimator, size_below, max_entries, title };
}

const CHANGED =
  'version = version + 1, window_size = window_size + :size_delta, window_entries = window_entries + :entries_delta';
const CHANGE_TYPES = { thread_id: 'text', version: 'integer', size_delta: 'bigint', entries_delta: 'integer' } as const;

function changeValues({ threadId, ifVersion, sizeDelta, entriesDelta }: WindowChange) {
  return { thread_id: threadId, version: ifVersion, size_delta: sizeDelta, entries_delta: entriesDelta };
}

/** The message comes with a pin or a revision, or is a reply, of which nobody is the author. */
export const APPEND_CHANGE = {
  types: {
    ...CHANGE_TYPES,
    appender_id: 'text?',
    reply_id: 'text?',
    last_seq: 'integer',
    created_at: 'bigint',
    title: 'text?',
    revision: 'integer?',
  },
  text: `
    UPDATE threads
    SET ${CHANGED}, last_seq = last_seq + 1, last_message_at = :created_at, title = COALESCE(title, :title),
        revision = COALESCE(:revision, revision), reply_id = CASE WHEN :reply_id IS NULL THEN reply_id END
    WHERE id = :thread_id AND NOT archived AND version = :version AND last_seq = :last_seq
      AND (:reply_id IS NULL OR reply_id = :reply_id) AND ${mayAppend('threads', ':appender_id')}
    RETURNING *`,
} as const;

export function appendChangeValues(change: AppendChange) {
  const { message, estimator, ifLastSeq: last_seq, title, revision, reply } = change;
  return {
    ...changeValues(change),
    ...messageValues(message),
    appender_id: reply?.askedBy ?? message.authorId,
    reply_id: reply?.id ?? null,
    estimator,
    last_seq,
    title,
    revision: revision?.id ?? null,
  };
}

export const REVISE = {
  types: { ...CHANGE_TYPES, revision: 'integer', size_below: 'bigint' },
  text: `
    UPDATE threads SET ${CHANGED}, revision = :revision
    WHERE id = :thread_id AND NOT archived AND version = :version AND window_size + :size_delta < :size_below
    RETURNING *`,
} as const;

export function reviseValues(change: RevisionChange) {
  const { revision, sizeBelow: size_below = Number.MAX_SAFE_INTEGER } = change;
  return { ...changeValues(change), ...revisionValues(revision), size_below, by_user_id: revision.event.by };
}

export const PIN = {
  types: CHANGE_TYPES,
  text: `
    UPDATE threads SET ${CHANGED}
    WHERE id = :thread_id AND NOT archived AND version = :version
    RETURNING *`,
} as const;

export function pinValues(change: PinChange) {
  const { seq, pinned, at } = change;
  return { ...changeValues(change), seq, pinned, created_at: at.getTime() };
}

export const BEGIN_REPLY = statement(
  'begin-reply',
  { thread_id: 'text', reply_id: 'text' },
  'UPDATE threads SET reply_id = :reply_id WHERE id = :thread_id AND NOT archived AND deleted_at IS NULL RETURNING id',
);

export const END_REPLY = statement(
  'end-reply',
  { thread_id: 'text', reply_id: 'text' },
  'UPDATE threads SET reply_id = NULL WHERE id = :thread_id AND reply_id = :reply_id RETURNING id',
);

export const RECOUNT = statement(
  'recount',
  { thread_id: 'text', version: 'integer', last_seq: 'integer', size: 'bigint', estimator: 'text' },
  `
    UPDATE threads SET window_size = :size, estimator = :estimator
    WHERE id = :thread_id AND version = :version AND last_seq = :last_seq
    RETURNING id`,
);
