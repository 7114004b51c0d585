/** Compares answers with what their routes declare: for tests, where an answer that differs is a 500. */
import type { z } from 'zod';
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
  if (declared !== null && isStreamSchema(declared)) {
    const content = reply.stream && declared.contents[reply.stream.contentType];
    if (reply.stream === undefined || content === undefined)
      throw new Error(`${where} answered ${reply.status} with a stream that it does not declare`);
    return { ...reply, stream: checkedStream(reply.stream, content) };
  }
  if (reply.stream !== undefined || !isDeclared(declared, reply.body))
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
  if (content.of === 'text') return { contentType, chunks };
  const check = (text: string) => content.schema.parse(JSON.parse(text));
  return {
    contentType,
    async *chunks(signal) {
      let whole = '';
      for await (const chunk of chunks(signal)) {
        if (content.of === 'whole') whole += chunk;
        else textsIn(chunk, content.of).forEach(check);
        yield chunk;
      }
      if (content.of === 'whole' && !signal.aborted) check(whole);
    },
  };
}
