/** One piece of a streamed chat completion, as any OpenAI-compatible server sends it. */
import { z } from 'zod';

/** Of the many fields that servers add, those that are used; what else there is may be anything. */
const chunkSchema = z.object({
  choices: z
    .array(
      z.object({
        delta: z.object({ content: z.string().nullish() }).nullish(),
        finish_reason: z.string().nullish(),
      }),
    )
    .nullish(),
  usage: z
    .object({ prompt_tokens: z.int().min(0), completion_tokens: z.int().min(0) })
    .nullish()
    .catch(null),
  error: z.unknown().optional(),
});

export type Chunk = z.output<typeof chunkSchema>;

/** The chunk in an event's data; undefined where it is none. */
export function parseChunk(data: string): Chunk | undefined {
  try {
    return chunkSchema.safeParse(JSON.parse(data)).data;
  } catch {
    return undefined;
  }
}
