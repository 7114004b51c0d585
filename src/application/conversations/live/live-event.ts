/** What followers of a thread are told, and how far that takes them. */
import type { ContextEvent } from '#domain/conversations/revision.ts';
import type { Usage } from '#domain/conversations/usage.ts';
import type { StoredMessage } from '../ports.ts';
import type { ReplyEvent } from '../thread-events.ts';

/** How far a thread has come; where a follower who was interrupted goes on. */
export type ThreadPosition = Readonly<{ lastSeq: number; version: number }>;

/** How far a follower was told. */
export type LiveCursor = ThreadPosition & Readonly<{ revision: number }>;

/** `at` is where somebody goes on who was told this last. Events of replies leave nobody anywhere else than before. */
export type LiveEvent =
  | Readonly<{ kind: 'message'; at: ThreadPosition; message: StoredMessage }>
  | Readonly<{ kind: 'compaction'; at: ThreadPosition; event: ContextEvent }>
  | Readonly<{ kind: 'usage'; at: ThreadPosition; usage: Usage }>
  /** What came before `at` is not told: whoever needs it reads it. */
  | Readonly<{ kind: 'reset'; at: ThreadPosition }>
  | ReplyEvent;

/** Whether a thread that has come here has gone on since it was there. */
export function isLater(here: ThreadPosition, there: ThreadPosition): boolean {
  return here.lastSeq > there.lastSeq || here.version > there.version;
}

/** Whether an event tells somebody anything who was told so far. */
export function isNews(event: LiveEvent, cursor: LiveCursor): boolean {
  switch (event.kind) {
    case 'message':
      return event.message.seq > cursor.lastSeq;
    case 'compaction':
      return event.event.id > cursor.revision;
    case 'usage':
      return isLater(event.at, cursor);
    default:
      return true;
  }
}
