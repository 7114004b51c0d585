/** Commits a compaction that no append brings: one by hand, or one that makes room for a longer system prompt. */
import { type CompactionRecord, compactionRevision } from '#domain/conversations/compaction/compaction-revision.ts';
import { reshapedMessages } from '#domain/conversations/compaction/reshaped-messages.ts';
import type { ContextEvent } from '#domain/conversations/revision.ts';
import type { Thread } from '#domain/conversations/thread.ts';
import type { ContextSettings } from '../context-settings.ts';
import type { Conversations } from '../ports.ts';

type Deps = Readonly<{ conversations: Pick<Conversations, 'commit'>; settings: ContextSettings }>;

/**
 * Commits if the thread's version is unchanged; undefined otherwise. Messages that were appended meanwhile follow the
 * revision verbatim, so the last seq may differ.
 */
export async function commitCompaction(
  { conversations, settings: { estimator } }: Deps,
  thread: Thread,
  record: CompactionRecord,
): Promise<Readonly<{ thread: Thread; event: ContextEvent }> | undefined> {
  const revision = compactionRevision(record, estimator);
  const { window } = record.compacted;
  const committed = await conversations.commit({
    kind: 'revise',
    threadId: thread.id,
    ifVersion: thread.version,
    revision,
    sizeDelta: window.size - record.before.size,
    entriesDelta: window.entries.length - record.before.entries.length,
    entries: window.entries,
    lastSeq: thread.lastSeq,
    estimator: estimator.name,
    reshaped: reshapedMessages(record.before, window),
  });
  return committed && { thread: committed, event: revision.event };
}
