/** Hears what is told of replies in one thread. */

import type { ThreadEvent } from '#application/conversations/thread-events.ts';
import type { Subscription } from '#application/shared/event-bus.ts';
import { tokens } from '#infrastructure/wiring/tokens.ts';
import type { TestServer } from '../servers/server.ts';
import { until } from '../until.ts';

type End = Extract<ThreadEvent, { kind: 'reply.completed' | 'reply.failed' }>;

export type ReplyListener = Readonly<{
  told: readonly ThreadEvent[];
  /** The pieces of a reply so far. */
  textOf(replyId: string): string;
  /** How the reply ended, once it has. */
  endOf(replyId: string): Promise<End>;
  subscription: Subscription;
}>;

export async function listenTo(
  { application }: Pick<TestServer, 'application'>,
  thread: string,
): Promise<ReplyListener> {
  const told: ThreadEvent[] = [];
  const subscription = await application.container.get(tokens.events).subscribe(thread, {
    onEvent: ({ event }) => told.push(event),
    onLost: () => {
      throw new Error('Events are lost.');
    },
  });
  const isEnd = (event: ThreadEvent): event is End => event.kind === 'reply.completed' || event.kind === 'reply.failed';
  return {
    told,
    subscription,
    textOf: (replyId) =>
      told.map((event) => (event.kind === 'reply.delta' && event.replyId === replyId ? event.text : '')).join(''),
    endOf: async (replyId) => {
      const end = () => told.filter(isEnd).find((event) => event.replyId === replyId);
      return (await until(end, `the end of reply ${replyId}`)) as End;
    },
  };
}
