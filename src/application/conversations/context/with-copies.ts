/** The record of what was said, with copies of windows in front of it, so that no use case has to know of them. */

import type { Thread } from '#domain/conversations/thread.ts';
import { conversationsOf } from '../conversations-of.ts';
import type { Contexts, Conversations, ThreadSnapshot, WindowChange, WindowCopy } from '../ports.ts';

type Deps = Readonly<{ conversations: Conversations; contexts: Contexts }>;

/**
 * A copy is used for the version of the thread that it was made of, which the store compares when it reads. Appends
 * raise no version and touch no copy: what came after it is read and added when the window is next asked for.
 */
export function withCopies({ conversations, contexts }: Deps): Conversations {
  return {
    ...conversationsOf(conversations, conversations),
    snapshot: async (id) => {
      const copy = await contexts.find(id);
      const snapshot = await conversations.snapshot(id, copy);
      if (snapshot !== undefined && isLater(snapshot.thread, copy)) void contexts.save(copyOf(snapshot));
      return snapshot;
    },
    commit: async (change) => {
      const thread = await conversations.commit(change);
      if (thread !== undefined) void contexts.save(copyAfter(change, thread));
      return thread;
    },
  };
}

function isLater({ version, lastSeq }: Thread, copy: WindowCopy | undefined): boolean {
  return copy?.version !== version || copy.lastSeq < lastSeq;
}

function copyOf({ thread, entries, countedBy }: ThreadSnapshot): WindowCopy {
  const { id, ownerId, version, lastSeq } = thread;
  return { threadId: id, ownerId, version, lastSeq, entries, countedBy };
}

/** Messages that came while the change was made are not in its copy. */
function copyAfter(change: WindowChange, { ownerId, version }: Thread): WindowCopy {
  const { threadId, entries, lastSeq, estimator } = change;
  return { threadId, ownerId, version, lastSeq, entries, countedBy: [estimator] };
}
