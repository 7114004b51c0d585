/**
 * Writes an answer piece by piece: as fast as the client takes it and no faster, and for no longer than it is there.
 */
import { once } from 'node:events';
import type { Writable } from 'node:stream';
import { type Stream, StreamEnded } from '../declaration/stream.ts';

/**
 * Sends a stream whose head is written. What ends before its end (the client leaves, `closing` is aborted, a piece
 * cannot be read) breaks the connection, so that nobody takes a part for the whole. Answers what a piece could not be
 * read for; undefined where all is well, or nobody waits for more.
 */
export async function sendStream(response: Writable, { chunks }: Stream, closing: AbortSignal): Promise<unknown> {
  const signal = endOf(response, closing);
  try {
    if (!signal.aborted) await write(response, chunks(signal), signal);
    return undefined;
  } catch (error) {
    if (signal.aborted) return undefined;
    response.destroy();
    return error;
  }
}

async function write(
  response: Writable,
  chunks: AsyncIterable<string | Uint8Array>,
  signal: AbortSignal,
): Promise<void> {
  for await (const chunk of chunks) {
    // A broken connection takes nothing: `write` says no, and `once` throws at the aborted signal.
    if (!response.write(chunk)) await once(response, 'drain', { signal });
  }
  response.end();
}

/** Aborted, by a `StreamEnded`, when the client has left, or has the whole answer. */
export function untilGone(response: Writable): AbortSignal {
  const gone = new AbortController();
  const leave = () => gone.abort(new StreamEnded('client_gone'));
  if (response.destroyed) leave();
  else response.once('close', leave);
  return gone.signal;
}

/** Aborted, by a `StreamEnded`, when nobody waits for more; the connection is broken by then. */
function endOf(response: Writable, closing: AbortSignal): AbortSignal {
  const signal = AbortSignal.any([untilGone(response), closing]);
  if (signal.aborted) response.destroy();
  else signal.addEventListener('abort', () => response.destroy(), { once: true });
  return signal;
}
