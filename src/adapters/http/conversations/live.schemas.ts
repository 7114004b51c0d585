/** How what happens in a conversation looks to clients who follow it. */
import { z } from 'zod';
import type { ResumeFrom } from '#application/conversations/live/following.ts';
import type { LiveEvent, ThreadPosition } from '#application/conversations/live/live-event.ts';
import type { EventsSchema, SentEvent } from '../declaration/events.ts';
import { eventSchema, toEventJson, toUsageJson, usageSchema } from './context.schemas.ts';
import { messageSchema, toMessageJson } from './messages.schemas.ts';

const replyId = z.string();

/** An event for each kind of `LiveEvent`. */
export const liveEventsSchema: EventsSchema & Readonly<{ events: Readonly<Record<LiveEvent['kind'], z.ZodType>> }> = {
  events: {
    message: messageSchema,
    compaction: eventSchema,
    usage: usageSchema,
    reset: z.strictObject({ last_seq: z.int().min(0) }).describe('What came before is not sent: read it.'),
    'reply.delta': z.strictObject({ reply_id: replyId, text: z.string() }),
    'reply.completed': z.strictObject({ reply_id: replyId, seq: z.int().min(1) }),
    'reply.failed': z.strictObject({ reply_id: replyId, code: z.string(), detail: z.string() }),
  },
};

const EVENT_ID = /^(?<lastSeq>\d{1,15})\.(?<version>\d{1,15})$/;

/** `{last_seq}.{version}`. */
function toEventId({ lastSeq, version }: ThreadPosition): string {
  return `${lastSeq}.${version}`;
}

/** Where somebody goes on who names this as their last event; `unknown` where no event has such an id. */
export function resumeFrom(lastEventId: string | undefined): ResumeFrom {
  if (lastEventId === undefined || lastEventId === '') return undefined;
  const { lastSeq, version } = EVENT_ID.exec(lastEventId)?.groups ?? {};
  return lastSeq === undefined ? 'unknown' : { lastSeq: Number(lastSeq), version: Number(version) };
}

/** Made once of each event, for however many follow. */
const sent = new WeakMap<LiveEvent, SentEvent>();

export function toSentEvent(event: LiveEvent): SentEvent {
  const known = sent.get(event);
  if (known !== undefined) return known;
  const id = 'at' in event ? toEventId(event.at) : null;
  const made = { event: event.kind, id, data: toData(event) };
  sent.set(event, made);
  return made;
}

function toData(event: LiveEvent): unknown {
  switch (event.kind) {
    case 'message':
      return toMessageJson(event.message);
    case 'compaction':
      return toEventJson(event.event);
    case 'usage':
      return toUsageJson(event.usage);
    case 'reset':
      return { last_seq: event.at.lastSeq };
    case 'reply.delta':
      return { reply_id: event.replyId, text: event.text };
    case 'reply.completed':
      return { reply_id: event.replyId, seq: event.seq };
    case 'reply.failed':
      return { reply_id: event.replyId, code: event.code, detail: event.detail };
  }
}
