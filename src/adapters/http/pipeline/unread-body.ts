/**
 * The rest of a body that was refused: read to its end before the connection closes, because a client that is still
 * sending sees the answer then, and else a reset.
 */
import type { Request, Response } from 'express';

export type UnreadLimits = Readonly<{ maxBytes: number; maxMs: number }>;

export const UNREAD_LIMITS: UnreadLimits = { maxBytes: 64 * 1024 * 1024, maxMs: 10_000 };

/**
 * Sends a whole answer, and ends it once the rest of the request was read and thrown away: at its end, when either
 * limit is reached, when the client leaves, or when `closing` is aborted. The head must name the length and
 * `Connection: close`.
 */
export function endAfterBody(
  request: Request,
  response: Response,
  text: string,
  { limits: { maxBytes, maxMs }, closing }: Readonly<{ limits: UnreadLimits; closing: AbortSignal }>,
): void {
  response.write(text);
  let length = 0;
  const end = () => {
    clearTimeout(timer);
    closing.removeEventListener('abort', end);
    request.off('data', count);
    response.end();
  };
  const count = (chunk: Buffer) => {
    length += chunk.length;
    if (length > maxBytes) end();
  };
  const timer = setTimeout(end, maxMs);
  closing.addEventListener('abort', end, { once: true });
  request.on('data', count).once('end', end).once('close', end).resume();
  if (closing.aborted) end();
}
