/** What an exported conversation holds, line by line, and which of it an import may believe. */
import type { DomainError } from '#domain/shared/domain-error.ts';
import type { UserId } from '#domain/shared/ids.ts';
import { conversationErrors } from './errors.ts';
import type { MessageDraft } from './message.ts';
import type { Thread } from './thread.ts';

/** The first line: the thread. */
export type ImportedHead = Readonly<{
  kind: 'thread';
  title: string | null;
  systemPrompt: string | null;
  archived: boolean;
  /** Null where the file does not say. */
  createdAt: Date | null;
  messageCount: number | null;
}>;

/** Every further line: a message. */
export type ImportedMessage = Readonly<{
  kind: 'message';
  seq: number;
  /** Who wrote it, by what the file says: an id of any installation. */
  authorId: string | null;
  /** Null where the file does not say. */
  createdAt: Date | null;
  pinned: boolean;
}> &
  Pick<MessageDraft, 'role' | 'name' | 'content' | 'toolCalls' | 'toolCallId' | 'metadata'>;

/** A line of the file; `bytes` long, without its end. */
export type ImportedLine = Readonly<{ number: number; bytes: number; value: ImportedHead | ImportedMessage }>;

/** How far a clock of another installation may be ahead. */
const CLOCK_SKEW_MS = 5 * 60_000;

/** Returns, and does not throw, the refusal of a line: 400 `invalid_import`. */
function invalidLine(line: number, reason: string): DomainError {
  return conversationErrors.invalidImport({ line }, `Line ${line}: ${reason} Nothing was imported.`);
}

/** Returns the thread that a file begins with. Throws 400 `invalid_import`. */
export function headOf(line: ImportedLine | undefined, now: Date): ImportedHead {
  if (line === undefined) throw conversationErrors.invalidImport({ line: 1 }, 'The file is empty.');
  const { number, value } = line;
  if (value.kind !== 'thread') throw invalidLine(number, 'the first line must be the thread, not a message.');
  checkTime(number, value.createdAt, now);
  return value;
}

/** Returns a message that may follow `lastSeq` others. Throws 400 `invalid_import`. */
export function messageAfter(lastSeq: number, { number, value }: ImportedLine, now: Date): ImportedMessage {
  if (value.kind !== 'message') throw invalidLine(number, 'only the first line is a thread; a file has one.');
  if (value.seq !== lastSeq + 1)
    throw invalidLine(
      number,
      `seq is ${value.seq} and must be ${lastSeq + 1}: messages are numbered from 1, without gaps.`,
    );
  checkTime(number, value.createdAt, now);
  return value;
}

/** Throws 400 `invalid_import` where the file has another number of messages than it says. */
export function checkWhole({ messageCount }: ImportedHead, lastSeq: number): void {
  if (messageCount === null || messageCount === lastSeq) return;
  const reason = `the file says that it has ${messageCount} messages, and ends after ${lastSeq}.`;
  throw invalidLine(lastSeq + 1, reason);
}

/**
 * Who wrote an imported message: whoever imports it, where the file says so. Anybody can write any id into a file, so
 * that of another user is never believed.
 */
export function authorOf({ authorId }: ImportedMessage, importedBy: UserId): UserId | null {
  return authorId === importedBy ? importedBy : null;
}

/** What lies ahead would stand at the head of lists for ever. */
function checkTime(line: number, createdAt: Date | null, now: Date): void {
  if (createdAt !== null && createdAt.getTime() > now.getTime() + CLOCK_SKEW_MS)
    throw invalidLine(line, 'created_at lies in the future.');
}

/** Returns the thread that a file's first line stands for, before its messages. */
export function importedThread(
  { title, systemPrompt, archived, createdAt }: ImportedHead,
  own: Pick<Thread, 'id' | 'ownerId' | 'workspaceId' | 'gameId' | 'windowSize' | 'estimator'>,
  now: Date,
): Thread {
  return {
    ...own,
    title,
    systemPrompt,
    archived,
    createdAt: createdAt ?? now,
    lastMessageAt: null,
    version: 0,
    lastSeq: 0,
    revision: 0,
    windowEntries: 0,
  };
}
