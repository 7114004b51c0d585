/** Answers that come line by line: NDJSON, written as fast as the client takes it and no faster. */
import { once } from 'node:events';
import type { Response } from 'express';
import type { NdjsonPages } from '../declaration/route.ts';

export const NDJSON_TYPE = 'application/x-ndjson';

/**
 * Sends an answer of lines. Where reading them fails, the connection breaks, so that nobody takes a part for the whole; that
 * failure is answered, undefined where all is well.
 */
export async function sendNdjson(
  response: Response,
  lines: NdjsonPages,
  check: (item: unknown) => void,
): Promise<unknown> {
  try {
    for await (const page of lines) {
      for (const item of page) check(item);
      const text = page.map((item) => `${JSON.stringify(item)}\n`).join('');
      if (response.destroyed) return undefined;
      if (text !== '' && !response.write(text)) await drained(response);
    }
    response.end();
    return undefined;
  } catch (error) {
    response.destroy();
    return error;
  }
}

/** Resolves when the client has taken what was written, or is gone. */
async function drained(response: Response): Promise<void> {
  const ended = new AbortController();
  const { signal } = ended;
  await Promise.race([once(response, 'drain', { signal }), once(response, 'close', { signal })]).finally(() =>
    ended.abort(),
  );
}
