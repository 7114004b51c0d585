/** Threads in which something was said, and changes of their windows with every field filled, for tests to vary. */
import type { AppendChange, AppendGuard, PinChange, RevisionChange } from '#application/conversations/ports.ts';
import type { MessageDraft } from '#domain/conversations/message.ts';
import type { Thread } from '#domain/conversations/thread.ts';
import type { ThreadId } from '#domain/shared/ids.ts';
import type { RecordStores } from '../backends/record-stores.ts';
import { aMessage, aRevision, aThread, at, aUser } from './records.ts';

/** Under which a plain append to a new thread is admitted. */
export const anAppendGuard: AppendGuard = {
  ifVersion: 1,
  sizeBelow: 100_000,
  maxEntries: 2_000,
  estimator: 'chars_div_4',
};

/** A thread of a new user, in which so many messages were said. */
export async function aThreadOf(
  { unitOfWork, conversations }: Pick<RecordStores, 'unitOfWork' | 'conversations'>,
  messages: number,
): Promise<Readonly<{ thread: Thread; said: readonly MessageDraft[] }>> {
  const owner = aUser();
  const thread = aThread(owner.id);
  await unitOfWork.run(async ({ users, threads }) => {
    await users.add(owner);
    await threads.add(thread);
  });
  const said = Array.from({ length: messages }, (_, i) =>
    aMessage(thread.id, { content: `Line ${i + 1}`, name: 'Mira' }),
  );
  for (const message of said) await conversations.append(message, anAppendGuard, null);
  return { thread, said };
}

export function anAppendChange(threadId: ThreadId, fields: Partial<AppendChange> = {}): AppendChange {
  return {
    kind: 'append',
    threadId,
    ifVersion: 1,
    ifLastSeq: 0,
    message: aMessage(threadId),
    estimator: 'chars_div_4',
    pinned: true,
    title: null,
    revision: null,
    sizeDelta: 1,
    entriesDelta: 1,
    entries: [],
    lastSeq: 0,
    ...fields,
  };
}

export function aPinChange(threadId: ThreadId, fields: Partial<PinChange> = {}): PinChange {
  return {
    kind: 'pin',
    threadId,
    ifVersion: 1,
    seq: 1,
    pinned: true,
    at: at(2),
    sizeDelta: 0,
    entriesDelta: 0,
    entries: [],
    lastSeq: 0,
    estimator: 'chars_div_4',
    ...fields,
  };
}

export function aRevisionChange(threadId: ThreadId, fields: Partial<RevisionChange> = {}): RevisionChange {
  return {
    kind: 'revise',
    threadId,
    ifVersion: 1,
    revision: aRevision(),
    sizeDelta: 0,
    entriesDelta: 0,
    entries: [],
    lastSeq: 0,
    estimator: 'chars_div_4',
    ...fields,
  };
}
