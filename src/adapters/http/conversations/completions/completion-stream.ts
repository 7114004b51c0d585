/** A completion on its way: chunks as server-sent events, and at the end why it is whole, or what has failed. */
import type { StartedReply } from '#application/conversations/replies/reply-starter.ts';
import { EVENT_STREAM_TYPE, type Stream } from '../../declaration/stream.ts';
import { openAiErrorFor } from '../../refusals/openai-error.ts';
import { HEARTBEAT, HEARTBEAT_MS, type Pieces } from '../../streams/pieces.ts';
import { errorOf } from './completion-errors.ts';
import { type CompletionHead, toDeltaChunk, toLastChunk, toUsageChunk } from './completion-response.ts';

const DONE = 'data: [DONE]\n\n';

export type Streaming = Readonly<{
  reply: StartedReply;
  head: CompletionHead;
  /** The first piece, which has come already. */
  first: string;
  /** Those after it. */
  pieces: Pieces;
  includeUsage: boolean;
}>;

export function completionStream(streaming: Streaming): Stream {
  return { contentType: EVENT_STREAM_TYPE, chunks: () => eventsOf(streaming) };
}

/** Ends once its client has left, because the reply ends then. */
async function* eventsOf({ reply, head, first, pieces, includeUsage }: Streaming): AsyncGenerator<string> {
  yield event(toDeltaChunk(head, { role: 'assistant', content: '' })) + event(toDeltaChunk(head, { content: first }));
  for (let text = await pieces.next(HEARTBEAT_MS); text !== undefined; text = await pieces.next(HEARTBEAT_MS))
    yield text === '' ? HEARTBEAT : event(toDeltaChunk(head, { content: text }));
  const made = await reply.made;
  if (made.kind === 'failed') {
    yield event(openAiErrorFor(errorOf(made)));
    return;
  }
  yield event(toLastChunk(head, made));
  if (includeUsage) yield event(toUsageChunk(head, made));
  yield DONE;
}

function event(data: unknown): string {
  return `data: ${JSON.stringify(data)}\n\n`;
}
