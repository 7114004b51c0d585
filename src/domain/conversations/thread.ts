/** A thread: one conversation, the running size of its window, and who may do what with it. */
import type { GameId, ThreadId, UserId } from '#domain/shared/ids.ts';
import type { MessageDraft } from './message.ts';
import type { EstimatorName } from './usage.ts';

export type Thread = Readonly<{
  id: ThreadId;
  /** Null until the first user message names the thread. */
  title: string | null;
  ownerId: UserId;
  /** The game whose members take part; null where the thread is its owner's alone. */
  gameId: GameId | null;
  systemPrompt: string | null;
  createdAt: Date;
  lastMessageAt: Date | null;
  archived: boolean;
  /** Rises with whatever changes the window other than a plain append: pins, prompt, revisions. */
  version: number;
  /** The number of the newest message, and so the count of all. */
  lastSeq: number;
  /** The head revision; 0 before the first. */
  revision: number;
  /** Size of the window, system prompt included, in the unit of `estimator`. */
  windowSize: number;
  windowEntries: number;
  estimator: EstimatorName;
}>;

export const TITLE_MAX_CHARACTERS = 50;

/** When something last happened in the thread: lists are ordered by it. */
export function lastActivityAt(thread: Thread): Date {
  return thread.lastMessageAt ?? thread.createdAt;
}

/** What a message would name a thread that has no title yet: only a user's message does. */
export function titleOf(message: Pick<MessageDraft, 'role' | 'content'>): string | null {
  return message.role === 'user' ? titleFrom(message.content) : null;
}

/** A title made of a text: its first 50 characters, cut at a word's end; null where it has no words. */
export function titleFrom(content: string): string | null {
  const words = [
    ...content
      .slice(0, TITLE_MAX_CHARACTERS * 4)
      .replace(/\s+/gu, ' ')
      .trim(),
  ];
  if (words.length === 0) return null;
  if (words.length <= TITLE_MAX_CHARACTERS) return words.join('');
  const head = words.slice(0, TITLE_MAX_CHARACTERS).join('');
  const atWordsEnd = words[TITLE_MAX_CHARACTERS] === ' ' ? head : head.slice(0, Math.max(0, head.lastIndexOf(' ')));
  return (atWordsEnd === '' ? head : atWordsEnd).trimEnd();
}
