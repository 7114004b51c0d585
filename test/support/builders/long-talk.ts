/** Talk that goes on for so long that a window is compacted. */
import type { Client, Json } from '../servers/server.ts';

/** Some 100 tokens of talk. */
export const talk = (n: number) =>
  `Turn ${n}: ${'The party walks on through the mines of Kraghammer and listens. '.repeat(6)}`;

/** Appends until a compaction happens, and answers the append that brought it about. */
export async function appendUntilCompaction(client: Client, thread: string): Promise<Json> {
  for (let n = 1; n <= 200; n += 1) {
    const { status, body, text } = await client.post(`/chat/${thread}`, { content: talk(n) });
    if (status !== 201) throw new Error(text);
    if (body.compaction !== undefined) return body;
  }
  throw new Error('no compaction within 200 messages');
}
