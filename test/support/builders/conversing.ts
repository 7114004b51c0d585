/** The use cases of conversations, put together by hand on the stores of a test. */

import { EmbeddedEventBus } from '#adapters/embedded/event-bus.ts';
import { MemoryDatabase } from '#adapters/memory/database.ts';
import { ShownCitations } from '#application/conversations/citations/shown-citations.ts';
import { CompactContext } from '#application/conversations/context/compact-context.ts';
import { ReadUsage } from '#application/conversations/context/read-usage.ts';
import { ReadWindow } from '#application/conversations/context/read-window.ts';
import { ReaderWindows } from '#application/conversations/context/reader-windows.ts';
import { UndoCompaction } from '#application/conversations/context/undo-compaction.ts';
import { UsageReader } from '#application/conversations/context/usage-reader.ts';
import { WindowReader } from '#application/conversations/context/window-reader.ts';
import { AppendMessage } from '#application/conversations/messages/append-message.ts';
import { ChangePin } from '#application/conversations/messages/change-pin.ts';
import { CompactingAppend } from '#application/conversations/messages/compacting-append.ts';
import { PlainAppend } from '#application/conversations/messages/plain-append.ts';
import type { Compactor, Conversations, ThreadReads, Threads } from '#application/conversations/ports.ts';
import { ChangeThread } from '#application/conversations/threads/change-thread.ts';
import { PromptRoom } from '#application/conversations/threads/prompt-room.ts';
import { StartThread } from '#application/conversations/threads/start-thread.ts';
import type { MembershipReads, Memberships } from '#application/games/ports.ts';
import { AuditEntries, type AuditLog } from '#application/shared/audit-log.ts';
import type { IdempotencyKeys } from '#application/shared/idempotency.ts';
import type { UnitOfWork } from '#application/shared/unit-of-work.ts';
import { compact } from '#domain/conversations/compaction/chain.ts';
import type { ContextPolicy } from '#domain/conversations/context-policy.ts';
import { charsDiv4, type Estimator } from '#domain/conversations/usage.ts';
import { NO_ORIGIN, type UserActor } from '#domain/shared/actor.ts';
import type { DocumentId, ThreadId, UserId } from '#domain/shared/ids.ts';
import { workspaceRights } from '#domain/shared/workspace-rights.ts';
import { policyOf } from './appending.ts';
import { at, aUser, newId } from './records.ts';

export type Stores = Readonly<{
  unitOfWork: UnitOfWork<{
    threads: Threads;
    memberships: Memberships;
    idempotency: IdempotencyKeys;
    audit: AuditLog;
  }>;
  memberships: MembershipReads;
  threads: ThreadReads;
  conversations: Conversations;
}>;

export type Choices = Readonly<{ policy?: Partial<ContextPolicy>; estimator?: Estimator; compactor?: Compactor }>;

export type Conversing = ReturnType<typeof conversing>;

/** Of which nobody may read anything. */
export const NO_LIBRARY = { findReadable: async () => new Set<DocumentId>() };

export function actorFor(userId: UserId, ...permissions: readonly string[]): UserActor {
  return {
    kind: 'user',
    userId,
    permissions: ['chat.use', 'chat.compact', 'games.use', ...permissions],
    workspaces: workspaceRights([], false),
    sessionId: null,
    tokenId: null,
    origin: NO_ORIGIN,
  };
}

/** A user with an empty thread of their own, in a database in memory. */
export async function aPrivateTalk() {
  const database = new MemoryDatabase();
  const user = aUser({ roles: [] });
  await database.unitOfWork.run(({ users }) => users.add(user));
  const [owner, talk] = [actorFor(user.id), conversing(database)];
  const { id: thread } = await talk.start.execute(owner, { title: null, gameId: null, systemPrompt: null });
  return { database, owner, talk, thread };
}

export function conversing(
  stores: Stores,
  { policy = {}, estimator = charsDiv4, compactor = inProcess(estimator) }: Choices = {},
) {
  const { unitOfWork, memberships, threads, conversations } = stores;
  const settings = { policy: policyOf({ maxTokens: 1_000, ...policy }), estimator };
  const [clock, ids] = [{ now: () => at(0) }, { next: newId }];
  const unlimited = { threads: { countByOwner: async () => 0 } };
  const counter = { sizesOf: async (texts: readonly string[]) => texts.map(estimator.size) };
  const windows = new WindowReader({ conversations, counter, settings });
  const plainAppend = new PlainAppend({ settings });
  const compactingAppend = new CompactingAppend({ conversations, windows, compactor, settings });
  const append = new AppendMessage({
    threads,
    memberships,
    conversations,
    plainAppend,
    compactingAppend,
    counter,
    clock,
    ids,
    settings,
  });
  const access = { threads, memberships, conversations };
  const promptRoom = new PromptRoom({ conversations, windows, compactor, counter, clock, settings });
  return {
    start: new StartThread({ unitOfWork, counter, clock, ids, settings, reads: unlimited, threadsPerUser: 0 }),
    append,
    compact: new CompactContext({ ...access, windows, compactor, clock, settings }),
    undo: new UndoCompaction({ ...access, windows, clock, settings }),
    pin: new ChangePin({ ...access, citations: new ShownCitations({ library: NO_LIBRARY }), windows, clock, settings }),
    change: new ChangeThread({
      ...access,
      unitOfWork,
      promptRoom,
      events: new EmbeddedEventBus(),
      audit: new AuditEntries({ clock, ids }),
    }),
    usage: new ReadUsage({ threads, memberships, usages: new UsageReader({ windows, settings }) }),
    window: new ReadWindow({
      threads,
      memberships,
      windows: new ReaderWindows({ windows, conversations, library: NO_LIBRARY, settings }),
      settings,
    }),
    /** Appends what a user says. */
    say: (actor: UserActor, threadId: ThreadId, content: string, pinned = false) =>
      append.execute(actor, {
        threadId,
        role: 'user',
        name: null,
        content,
        toolCalls: null,
        toolCallId: null,
        pinned,
        metadata: {},
      }),
  };
}

function inProcess(estimator: Estimator): Compactor {
  return { compact: async (job) => compact(job, estimator, () => 0) };
}
