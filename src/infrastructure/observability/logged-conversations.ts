/** Conversations that log each compaction and each undo, with the window before and after it. */
import type { Logger } from 'pino';
import { conversationsOf } from '#application/conversations/conversations-of.ts';
import type { Conversations, WindowChange } from '#application/conversations/ports.ts';
import type { Records } from '../stores/records.ts';

/** Refinements are logged where it is known how the others ended. */
const LOGGED = { compaction: 'compaction', undo: 'undo', refinement: null } as const;

export function loggedRecords(records: Records, logger: Logger): Records {
  return { ...records, conversations: loggedConversations(records.conversations, logger) };
}

function loggedConversations(conversations: Conversations, logger: Logger): Conversations {
  return {
    ...conversationsOf(conversations, conversations),
    commit: async (change) => {
      const thread = await conversations.commit(change);
      if (thread !== undefined) logChange(change, logger);
      return thread;
    },
  };
}

function logChange(change: WindowChange, logger: Logger): void {
  if (change.kind === 'pin' || change.revision === null) return;
  const { madeBy, event } = change.revision;
  const message = LOGGED[madeBy];
  if (message === null) return;
  const line = {
    thread_id: change.threadId,
    event_id: event.id,
    trigger: event.trigger,
    actor_id: event.by,
    before_tokens: event.beforeTokens,
    after_tokens: event.afterTokens,
    before_messages: event.beforeMessages,
    after_messages: event.afterMessages,
    strategies: event.strategiesUsed.map(({ name, tokensFreed, entriesRemoved, ms }) => ({
      name,
      tokens_freed: tokensFreed,
      entries_removed: entriesRemoved,
      ms: Math.round(ms * 10) / 10,
    })),
    reshaped: change.reshaped,
  };
  logger.info(line, message);
}
