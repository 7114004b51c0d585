/** Following a conversation: what happens in it, as it happens. */
import { z } from 'zod';
import type { FollowThread } from '#application/conversations/live/follow-thread.ts';
import type { Following } from '#application/conversations/live/following.ts';
import { conversationErrors } from '#domain/conversations/errors.ts';
import { liveErrors } from '#domain/shared/live-errors.ts';
import type { Events } from '../declaration/events.ts';
import { httpErrors } from '../declaration/http-errors.ts';
import { pathId, text } from '../declaration/input.ts';
import { type Call, type Route, route } from '../declaration/route.ts';
import { liveEventsSchema, resumeFrom, toSentEvent } from './live.schemas.ts';
import { type AppendUseCases, appendRoute, type MessageLimits } from './messages.routes.ts';

export type LiveUseCases = AppendUseCases & Readonly<{ followThread: FollowThread }>;

const tag = 'Conversations';
const access = 'chat.use';
const thread = pathId('thread', conversationErrors.threadNotFound);
const query = z.strictObject({
  last_event_id: text(1, 64)
    .optional()
    .describe('Id of the last event that is there already, for who cannot send `Last-Event-ID`, which wins over it.'),
});
const errors = [liveErrors.liveStreamsFull, liveErrors.liveStreamsBusy];

export function liveRoutes(useCases: LiveUseCases, limits: MessageLimits): Route[] {
  return [followThread(useCases), converse(useCases, limits)];
}

function followThread(useCases: LiveUseCases): Route {
  return route({
    method: 'get',
    path: '/chat/{thread}/live',
    tag,
    summary: 'What happens in a conversation, as server-sent events. Goes on after `Last-Event-ID`.',
    access,
    params: { thread },
    query,
    returns: { 200: liveEventsSchema },
    errors,
    handle: async (call) => ({ status: 200, events: await follow(useCases, call) }),
  });
}

function converse(useCases: LiveUseCases, limits: MessageLimits): Route {
  return route({
    method: 'get',
    path: '/chat/{thread}/ws',
    tag,
    summary: 'The same by WebSocket, on which messages are appended too. Goes on after `last_event_id`.',
    access,
    params: { thread },
    query,
    frames: { append: appendRoute(useCases, limits) },
    returns: { 101: liveEventsSchema },
    errors: [...errors, httpErrors.upgradeRequired],
    handle: async (call) => ({ status: 101, events: await follow(useCases, call) }),
  });
}

type FollowCall = Call<'chat.use', { thread: typeof thread }, z.output<typeof query>, unknown>;

async function follow({ followThread }: LiveUseCases, call: FollowCall): Promise<Events> {
  const { actor, user, credential, params, query } = call;
  const from = resumeFrom(call.header('last-event-id') ?? query.last_event_id);
  return eventsOf(await followThread.execute({ actor, user, credential }, params.thread, from));
}

function eventsOf(following: Following): Events {
  return {
    start: (receiver) =>
      following.start({
        tell: (event) => receiver.send(toSentEvent(event)),
        drained: () => receiver.drained(),
        end: (failure) => receiver.end(failure),
      }),
    close: () => following.close(),
  };
}
