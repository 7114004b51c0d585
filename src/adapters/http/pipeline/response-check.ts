/** Compares answers with what their routes declare: for tests, where an answer that differs is a 500. */
import type { z } from 'zod';
import { type Events, type EventsSchema, isEventsSchema } from '../declaration/events.ts';
import type { Reply, Route } from '../declaration/route.ts';
import { isStreamSchema, type Stream, type StreamContent } from '../declaration/stream.ts';

/**
 * The reply, if it is what its route declares; a stream breaks at the first line that is not. Throws where it is not.
 * An answer that is given again lacks its secret, and is not looked at.
 */
export function checkedReply(route: Route, reply: Reply): Reply {
  if (reply.headers?.['Idempotent-Replayed'] !== undefined) return reply;
  const declared = route.returns[reply.status];
  const where = `${route.method} ${route.path}`;
  if (declared === undefined) throw new Error(`${where} does not declare the status ${reply.status}`);
  if (declared !== null && isEventsSchema(declared)) {
    if (reply.events === undefined) throw new Error(`${where} answered ${reply.status} without the events it declares`);
    return { ...reply, events: checkedEvents(reply.events, declared) };
  }
  if (declared !== null && isStreamSchema(declared)) {
    const content = reply.stream && declared.contents[reply.stream.contentType];
    if (reply.stream === undefined || content === undefined)
      throw new Error(`${where} answered ${reply.status} with a stream that it does not declare`);
    return { ...reply, stream: checkedStream(reply.stream, content) };
  }
  if (reply.stream !== undefined || reply.events !== undefined || !isDeclared(declared, reply.body))
    throw new Error(`${where} answered ${reply.status} with a body that it does not declare`);
  return reply;
}

function isDeclared(schema: z.ZodType | null, body: unknown): boolean {
  return schema === null ? body === undefined : schema.safeParse(JSON.parse(JSON.stringify(body))).success;
}

/** The JSON in whole lines, or in the data of whole events. */
function textsIn(chunk: string, of: 'lines' | 'events'): readonly string[] {
  if (of === 'lines') return chunk.trimEnd().split('\n');
  const data = Array.from(chunk.matchAll(/^data: (.*)$/gm), ([, text]) => text as string);
  return data.filter((text) => text !== '[DONE]');
}

function checkedStream({ contentType, chunks }: Stream, content: StreamContent): Stream {
  if (!('schema' in content)) return { contentType, chunks };
  const check = (text: string) => content.schema.parse(JSON.parse(text));
  return {
    contentType,
    async *chunks(signal) {
      let whole = '';
      for await (const piece of chunks(signal)) {
        const chunk = String(piece);
        if (content.of === 'whole') whole += chunk;
        else textsIn(chunk, content.of).forEach(check);
        yield chunk;
      }
      if (content.of === 'whole' && !signal.aborted) check(whole);
    },
  };
}

/** Breaks the connection at the first event that is not declared. */
function checkedEvents({ start, close }: Events, declared: EventsSchema): Events {
  return {
    close,
    start(receiver) {
      start({
        drained: () => receiver.drained(),
        end: (failure) => receiver.end(failure),
        send(event) {
          const data = JSON.parse(JSON.stringify(event.data));
          const error =
            declared.events[event.event]?.safeParse(data).error ??
            (event.event in declared.events ? undefined : new Error(`${event.event} is no declared event`));
          if (error === undefined) receiver.send(event);
          else receiver.end(error);
        },
      });
    },
  };
}
