/** Remembers every compaction to be refined, at the port through which it happens: no use case can forget to. */
import { conversationsOf } from '../conversations-of.ts';
import type { Conversations } from '../ports.ts';
import type { PendingRefinements } from './pending-refinements.ts';

type Deps = Readonly<{ conversations: Conversations; pending: Pick<PendingRefinements, 'add'> }>;

export function withRefinements({ conversations, pending }: Deps): Conversations {
  return {
    ...conversationsOf(conversations, conversations),
    commit: async (change) => {
      const thread = await conversations.commit(change);
      const compacted = change.kind !== 'pin' && change.revision?.madeBy === 'compaction';
      if (thread !== undefined && compacted) pending.add(thread.id);
      return thread;
    },
  };
}
