/** Wires what follows conversations, and its routes. */
import { ContainerModule } from 'inversify';
import { liveRoutes } from '#adapters/http/conversations/live.routes.ts';
import { ReadUsage } from '#application/conversations/context/read-usage.ts';
import { UsageReader } from '#application/conversations/context/usage-reader.ts';
import { FollowThread } from '#application/conversations/live/follow-thread.ts';
import { LiveReader } from '#application/conversations/live/live-reader.ts';
import { ThreadFeeds } from '#application/conversations/live/thread-feeds.ts';
import { AppendMessage } from '#application/conversations/messages/append-message.ts';
import { ReadMessage } from '#application/conversations/messages/read-message.ts';
import { RecheckAuthentication } from '#application/identity/sessions/recheck-authentication.ts';
import { LiveSlots } from '#application/shared/live-slots.ts';
import { runInBackground } from '../run-in-background.ts';
import { tokens } from '../tokens.ts';
import { routes, wire } from '../wire.ts';

const { memberships, threads, conversations, events, accessChanges, messageLimits } = tokens;

/** How long somebody may go on whose access has ended, and an event be late that the bus has lost. */
const REFRESH_INTERVAL_MS = 5_000;

export const liveModule = new ContainerModule(({ bind }) => {
  wire(bind, LiveReader, { threads, conversations, usages: UsageReader });
  wire(bind, ThreadFeeds, { reader: LiveReader, events, accessChanges, slots: LiveSlots });
  wire(bind, FollowThread, { threads, memberships, feeds: ThreadFeeds, recheck: RecheckAuthentication });
  runInBackground(bind, ThreadFeeds, (feeds) => ({
    name: 'refresh live streams',
    everyMs: REFRESH_INTERVAL_MS,
    run: () => feeds.refresh(),
    finish: async () => feeds.close(),
  }));
  routes(
    bind,
    liveRoutes,
    { followThread: FollowThread, appendMessage: AppendMessage, readMessage: ReadMessage, readUsage: ReadUsage },
    messageLimits,
  );
});
