/** Messages that fill a window until it is compacted. */
import type { Client, Json } from '../servers/server.ts';

/** A message of about 100 tokens. */
export const talk = (n: number) =>
  `Turn ${n}: ${'The party walks on through the mines of Kraghammer and listens. '.repeat(6)}`;

/** Appends messages until one causes a compaction, and returns the response to that one. */
export async function appendUntilCompaction(client: Client, thread: string): Promise<Json> {
  for (let n = 1; n <= 200; n += 1) {
    const { status, body, text } = await client.post(`/chat/${thread}`, { content: talk(n) });
    if (status !== 201) throw new Error(text);
    if (body.compaction !== undefined) return body;
  }
  throw new Error('no compaction within 200 messages');
}
