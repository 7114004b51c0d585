/** Reads the body of a request as its route declares it. */
import type { IncomingMessage } from 'node:http';
import type { Body, BodyKind } from '../declaration/body.ts';
import { type HttpError, httpErrors } from '../declaration/http-errors.ts';
import { parseJson } from './json.ts';

const MIB = 1024 * 1024;
const JSON_TYPE = /^application\/json\s*(?:;\s*charset\s*=\s*"?utf-8"?\s*)?$/i;
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

type Read = (request: IncomingMessage, maxBytes: number) => Promise<unknown>;

/** How each kind is read. */
const READ: Readonly<Record<BodyKind, Read>> = { json: readJson };

/**
 * The body as a value that its schema has not seen yet; undefined where there is none. Refuses with 413, 415 or 400, in
 * this order.
 */
export function readBody(request: IncomingMessage, { kind, maxBytes }: Body): Promise<unknown> {
  return READ[kind](request, maxBytes);
}

async function readJson(request: IncomingMessage, maxBytes: number): Promise<unknown> {
  const bytes = await readBytes(request, maxBytes);
  if (bytes.length === 0) return undefined;
  if (!JSON_TYPE.test(request.headers['content-type'] ?? '')) throw httpErrors.unsupportedMediaType();
  if ((request.headers['content-encoding'] ?? 'identity') !== 'identity') {
    throw httpErrors.unsupportedMediaType({}, 'The body must not be compressed.');
  }
  return parseJson(decode(bytes));
}

/** Collects the body; one that is too large is refused without waiting for its end. */
function readBytes(request: IncomingMessage, maxBytes: number): Promise<Buffer> {
  if (Number(request.headers['content-length'] ?? 0) > maxBytes) return Promise.reject(tooLarge(maxBytes));
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let length = 0;
    request.on('data', (chunk: Buffer) => {
      length += chunk.length;
      if (length > maxBytes) reject(tooLarge(maxBytes));
      else chunks.push(chunk);
    });
    request.on('end', () => resolve(chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks)));
    request.on('error', () =>
      reject(httpErrors.malformedRequest({}, 'The request ended before its body was complete.')),
    );
  });
}

function tooLarge(maxBytes: number): HttpError {
  return httpErrors.bodyTooLarge({}, `The body is larger than ${maxBytes / MIB} MiB.`);
}

function decode(bytes: Buffer): string {
  try {
    return utf8.decode(bytes);
  } catch {
    throw httpErrors.malformedText({}, 'The body is not valid UTF-8.');
  }
}
