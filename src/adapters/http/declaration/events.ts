/** Answers that go on: what happens, told as server-sent events or as frames of a WebSocket. */
import type { z } from 'zod';

/** What a route declares in place of a body's schema: what the data of each event holds, by the event's name. */
export type EventsSchema = Readonly<{ events: Readonly<Record<string, z.ZodType>> }>;

export type SentEvent = Readonly<{
  event: string;
  /** Where a client goes on that was sent this last; null where that is where it was before. */
  id: string | null;
  data: unknown;
}>;

/** The connection on which events are sent. */
export interface EventReceiver {
  /** A client that leaves too much unread is cut off. */
  send(event: SentEvent): void;
  /** Resolves when there is room for more, or when the connection is closed. */
  drained(): Promise<void>;
  /** No more events come; the connection is broken where that is because of a failure. */
  end(failure?: unknown): void;
}

export type Events = Readonly<{
  start(receiver: EventReceiver): void;
  /** Called once, when the connection is closed, whether or not anything was started on it. */
  close(): void;
}>;

export function isEventsSchema(declared: object): declared is EventsSchema {
  return 'events' in declared;
}
