/**
 * Reads a long body piece by piece, for as long as it keeps coming: it may take longer than other requests, but not for
 * ever.
 */
import type { IncomingMessage } from 'node:http';
import { httpErrors } from '../declaration/http-errors.ts';

/** How long a client may be silent, in milliseconds: for `graceMs` at most, of which each byte gives back a part. */
export type Patience = Readonly<{ graceMs: number; msPerByte: number }>;

const PATIENCE: Patience = { graceMs: 30_000, msPerByte: 1 / 32 };

/** Requests whose body is being read so. */
const underWay = new WeakSet<IncomingMessage>();

/** Whether the body of a request is read in this way, which has a limit of its own for how long that takes. */
export function isReadPatiently(request: IncomingMessage): boolean {
  return underWay.has(request);
}

/**
 * The pieces of a body, read no faster than they are asked for; only what the client takes is counted, not what the
 * server does in between. Throws 400 `malformed_request` where the body breaks off; 408 `request_timeout` where it
 * comes at less than 32 kB a second. Whoever stops reading leaves the rest in the request.
 */
export async function* patientChunks(
  request: IncomingMessage,
  { graceMs, msPerByte }: Patience = PATIENCE,
): AsyncGenerator<Buffer> {
  underWay.add(request);
  const chunks = request.iterator({ destroyOnReturn: false });
  let patience = graceMs;
  try {
    while (true) {
      const asked = performance.now();
      const { done, value } = await within(chunks.next(), patience);
      if (done) return;
      patience = Math.min(graceMs, patience - (performance.now() - asked) + value.length * msPerByte);
      yield value;
    }
  } finally {
    // Not awaited: where the client is silent, a piece is still asked for.
    void chunks.return?.();
    underWay.delete(request);
  }
}

async function within<T>(reading: Promise<T>, ms: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(httpErrors.requestTimeout()), Math.max(0, ms));
  });
  try {
    return await Promise.race([reading.catch(brokenOff), late]);
  } finally {
    clearTimeout(timer);
  }
}

function brokenOff(): never {
  throw httpErrors.malformedRequest({}, 'The request ended before its body was complete.');
}
