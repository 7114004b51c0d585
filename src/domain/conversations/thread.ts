/** A thread: one conversation, its owner and game, and the running totals of its window. */
import type { GameId, ThreadId, UserId, WorkspaceId } from '#domain/shared/ids.ts';
import type { MessageDraft } from './message.ts';
import type { EstimatorName } from './usage.ts';

export type Thread = Readonly<{
  id: ThreadId;
  /** Null until the first user message with words in it names the thread. */
  title: string | null;
  ownerId: UserId;
  /** Its game's, else the one that it was started in. */
  workspaceId: WorkspaceId;
  /** The game whose members take part; null for a private thread of its owner. */
  gameId: GameId | null;
  systemPrompt: string | null;
  createdAt: Date;
  lastMessageAt: Date | null;
  archived: boolean;
  /**
   * Rises with every change of the window other than a plain append: pins, prompt and revisions. Appends compare it.
   */
  version: number;
  /** The seq of the newest message, which is also the number of messages; 0 without any. */
  lastSeq: number;
  /** The id of the head revision; 0 before the first. */
  revision: number;
  /** The window's size, system prompt included, in the unit of `estimator`. */
  windowSize: number;
  windowEntries: number;
  estimator: EstimatorName;
}>;

const TITLE_MAX_CHARACTERS = 50;

/** Returns the time by which lists of threads are ordered: that of the newest message, or of the thread's start. */
export function lastActivityAt(thread: Thread): Date {
  return thread.lastMessageAt ?? thread.createdAt;
}

/** Returns the title that a message gives to a thread without one; null unless it is a user's message with words. */
export function titleOf(message: Pick<MessageDraft, 'role' | 'content'>): string | null {
  return message.role === 'user' ? titleFrom(message.content) : null;
}

/** A text up to more words than a title has room for, one space between them; a long word up to 101 characters. */
function firstWords(content: string): string {
  let words = '';
  for (const [word] of content.matchAll(/\S{1,101}/gu)) {
    words += words === '' ? word : ` ${word}`;
    if (words.length > 2 * TITLE_MAX_CHARACTERS) break;
  }
  return words;
}

/**
 * Derives a title from a text: its first 50 characters (code points) on one line, cut at a word boundary if there is
 * one; null if it is blank.
 */
function titleFrom(content: string): string | null {
  const characters = [...firstWords(content)];
  if (characters.length === 0) return null;
  if (characters.length <= TITLE_MAX_CHARACTERS) return characters.join('');
  const head = characters.slice(0, TITLE_MAX_CHARACTERS).join('');
  const wholeWords =
    characters[TITLE_MAX_CHARACTERS] === ' ' ? head : head.slice(0, Math.max(0, head.lastIndexOf(' ')));
  return (wholeWords === '' ? head : wholeWords).trimEnd();
}
