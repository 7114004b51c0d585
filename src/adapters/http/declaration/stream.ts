/** Answers that are written piece by piece: what a route declares of one, and what its handler answers with. */
import type { z } from 'zod';

export const NDJSON_TYPE = 'application/x-ndjson';
export const EVENT_STREAM_TYPE = 'text/event-stream';
const JSON_TYPE = 'application/json';

/** What a stream holds: JSON in each line, in the data of each event, or as a whole; or text of no form; or bytes. */
export type StreamContent = Readonly<
  { of: 'lines' | 'events' | 'whole'; schema: z.ZodType } | { of: 'text' | 'bytes' }
>;

/** What a route declares in place of a body's schema: what the stream holds, by content type. */
export type StreamSchema = Readonly<{ contents: Readonly<Record<string, StreamContent>> }>;

export type Stream = Readonly<{
  contentType: string;
  /**
   * The pieces in order, text each of whole lines, read no faster than the client takes them. Must end, or throw, once
   * `signal` is aborted: its reason is a `StreamEnded`, and whatever comes afterwards is not sent.
   */
  chunks(signal: AbortSignal): AsyncIterable<string | Uint8Array>;
}>;

/** Why nobody takes the rest of a stream: the client has left, or the server is stopping. */
type StreamEnd = 'client_gone' | 'closing';

export class StreamEnded extends Error {
  readonly end: StreamEnd;

  constructor(end: StreamEnd) {
    super(end === 'closing' ? 'The server is stopping.' : 'The client is gone.');
    this.name = 'StreamEnded';
    this.end = end;
  }
}

/** NDJSON: one JSON object a line. */
export function ndjsonSchema(line: z.ZodType): StreamSchema {
  return { contents: { [NDJSON_TYPE]: { of: 'lines', schema: line } } };
}

/** Items that are read page by page, each as a line of NDJSON. */
export function ndjson<Item>(pages: AsyncIterable<readonly Item[]>, toJson: (item: Item) => unknown): Stream {
  return {
    contentType: NDJSON_TYPE,
    async *chunks(signal) {
      for await (const page of pages) {
        if (signal.aborted) return;
        if (page.length > 0) yield page.map((item) => `${JSON.stringify(toJson(item))}\n`).join('');
      }
    },
  };
}

/** One value, for a route that answers it as a stream to others. */
export function wholeJson(value: unknown): Stream {
  return {
    contentType: JSON_TYPE,
    async *chunks() {
      yield JSON.stringify(value);
    },
  };
}

export function isStreamSchema(declared: z.ZodType | StreamSchema): declared is StreamSchema {
  return 'contents' in declared;
}
