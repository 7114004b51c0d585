/** Compares answers with what their routes declare: for tests, where an answer that differs is a 500. */
import type { z } from 'zod';
import type { Reply, Route } from '../declaration/route.ts';
import { isStreamSchema, type Stream } from '../declaration/stream.ts';

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
    if (reply.stream?.contentType !== declared.contentType)
      throw new Error(`${where} answered ${reply.status} with a stream that it does not declare`);
    return { ...reply, stream: checkedLines(reply.stream, declared.line) };
  }
  if (reply.stream !== undefined || !isDeclared(declared, reply.body))
    throw new Error(`${where} answered ${reply.status} with a body that it does not declare`);
  return reply;
}

function isDeclared(schema: z.ZodType | null, body: unknown): boolean {
  return schema === null ? body === undefined : schema.safeParse(JSON.parse(JSON.stringify(body))).success;
}

function checkedLines({ contentType, chunks }: Stream, line: z.ZodType): Stream {
  return {
    contentType,
    async *chunks(signal) {
      for await (const chunk of chunks(signal)) {
        for (const text of chunk.trimEnd().split('\n')) line.parse(JSON.parse(text));
        yield chunk;
      }
    },
  };
}
