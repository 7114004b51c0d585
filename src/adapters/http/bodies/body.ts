/** Reads the body of a request as its route declares it. */
import type { IncomingMessage } from 'node:http';
import { BODY_KINDS, type Body, type BodyLine, type FileBody, type LinesBody, Upload } from '../declaration/body.ts';
import { httpErrors } from '../declaration/http-errors.ts';
import { decode, tooLarge } from './body-bytes.ts';
import { ByteCollector } from './byte-collector.ts';
import { parseJson } from './json.ts';
import { linesOf } from './lines.ts';
import { patientChunks } from './patient-chunks.ts';

const JSON_TYPE = typeOf('application/json');
/** What a page sends of its form. */
const FORM_TYPE = /^multipart\//i;
const LINES_TYPE = typeOf(BODY_KINDS.lines.contentType);

/**
 * The body as a value that its schema has not seen yet; undefined where there is none. Refuses with 413, 415 or 400, in
 * this order; of a body of lines, each is refused when it is read.
 */
export async function readBody(request: IncomingMessage, body: Body): Promise<unknown> {
  if (body.kind === 'lines') return readLines(request, body);
  return body.kind === 'file' ? readFile(request, body) : readJson(request, body.maxBytes);
}

async function readJson(request: IncomingMessage, maxBytes: number): Promise<unknown> {
  const bytes = await readBytes(request, maxBytes);
  if (bytes.length === 0) return undefined;
  if (!JSON_TYPE.test(request.headers['content-type'] ?? '')) throw httpErrors.unsupportedMediaType();
  checkUncompressed(request);
  return parseJson(decode(bytes));
}

function readLines(request: IncomingMessage, body: LinesBody): AsyncIterable<BodyLine<unknown>> {
  if (Number(request.headers['content-length'] ?? 0) > body.maxBytes) throw tooLarge(body.maxBytes);
  if (!LINES_TYPE.test(request.headers['content-type'] ?? ''))
    throw httpErrors.unsupportedMediaType({}, `The body must be ${BODY_KINDS.lines.contentType} in UTF-8.`);
  checkUncompressed(request);
  return linesOf(request, body);
}

/** A file is bounded again as it is written: its length may not be told beforehand. */
async function readFile(request: IncomingMessage, { maxBytes, maxJsonBytes }: FileBody): Promise<unknown> {
  const contentType = request.headers['content-type'] ?? '';
  if (JSON_TYPE.test(contentType)) return readJson(request, maxJsonBytes);
  if (Number(request.headers['content-length'] ?? 0) > maxBytes) throw tooLarge(maxBytes);
  if (FORM_TYPE.test(contentType))
    throw httpErrors.unsupportedMediaType({}, 'Send the file itself as the body, and not a form with a file in it.');
  checkUncompressed(request);
  return new Upload(contentType, patientChunks(request));
}

function checkUncompressed({ headers }: IncomingMessage): void {
  if ((headers['content-encoding'] ?? 'identity') !== 'identity')
    throw httpErrors.unsupportedMediaType({}, 'The body must not be compressed.');
}

/** Collects the body; one that is too large is refused without waiting for its end. */
function readBytes(request: IncomingMessage, maxBytes: number): Promise<Buffer> {
  if (Number(request.headers['content-length'] ?? 0) > maxBytes) return Promise.reject(tooLarge(maxBytes));
  return new Promise((resolve, reject) => {
    const collected = new ByteCollector();
    request.on('data', (chunk: Buffer) => {
      if (collected.length + chunk.length > maxBytes) reject(tooLarge(maxBytes));
      else collected.add(chunk);
    });
    request.on('end', () => resolve(collected.take()));
    request.on('error', () =>
      reject(httpErrors.malformedRequest({}, 'The request ended before its body was complete.')),
    );
  });
}

/** The content type, with or without the one charset that there is. */
function typeOf(contentType: string): RegExp {
  return new RegExp(`^${contentType}\\s*(?:;\\s*charset\\s*=\\s*"?utf-8"?\\s*)?$`, 'i');
}
