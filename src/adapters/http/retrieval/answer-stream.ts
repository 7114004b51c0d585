/** An answer on its way: its text as server-sent events, and at the end the whole of it. */
import { z } from 'zod';
import type { Answered } from '#application/retrieval/answering/answer-question.ts';
import { EVENT_STREAM_TYPE, type Stream } from '../declaration/stream.ts';
import { HEARTBEAT, HEARTBEAT_MS, type Pieces } from '../streams/pieces.ts';
import { toAnswerJson } from './schemas.ts';

export const textEventSchema = z.strictObject({ text: z.string() }).meta({ id: 'AnswerText' });

type Answering = Readonly<{
  /** The first piece, which has come already; empty where there is none. */
  first: string;
  /** Those after it. */
  pieces: Pieces;
  answering: Promise<Answered>;
}>;

export function answerStream(answering: Answering): Stream {
  return { contentType: EVENT_STREAM_TYPE, chunks: () => eventsOf(answering) };
}

/** Ends once its client has left, because the answer ends then. */
async function* eventsOf({ first, pieces, answering }: Answering): AsyncGenerator<string> {
  if (first !== '') yield event('text', { text: first });
  for (let text = await pieces.next(HEARTBEAT_MS); text !== undefined; text = await pieces.next(HEARTBEAT_MS))
    yield text === '' ? HEARTBEAT : event('text', { text });
  yield event('answer', toAnswerJson(await answering));
}

function event(name: string, data: unknown): string {
  return `event: ${name}\ndata: ${JSON.stringify(data)}\n\n`;
}
