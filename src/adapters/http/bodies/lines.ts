/** Reads a body line by line: one line is in memory at once, whatever the length of the body. */
import type { IncomingMessage } from 'node:http';
import type { BodyLine, LinesBody } from '../declaration/body.ts';
import { HttpError, httpErrors } from '../declaration/http-errors.ts';
import { decode, tooLarge } from './body-bytes.ts';
import { ByteCollector } from './byte-collector.ts';
import { parseJson } from './json.ts';
import { parseInput } from './parse-input.ts';
import { patientChunks } from './patient-chunks.ts';

const NEWLINE = 0x0a;
const MIB = 1024 * 1024;

/**
 * The lines in order, each of the form that the body declares. Throws, with the number of the line: 413 where it or the
 * body is too large; 400 where it is no text, no JSON, or of another form. Throws 400 `malformed_request` where the
 * body breaks off, 408 where it comes too slowly.
 */
export async function* linesOf(request: IncomingMessage, body: LinesBody): AsyncGenerator<BodyLine<unknown>> {
  let number = 0;
  for await (const bytes of splitLines(patientChunks(request), body, () => number + 1)) {
    number += 1;
    yield atLine(number, () => ({ number, bytes: bytes.length, value: parseLine(decode(bytes), body) }));
  }
}

function parseLine(text: string, { line }: LinesBody): unknown {
  if (text.trim() === '') throw httpErrors.malformedJson({}, 'The line is empty.');
  return parseInput(line, parseJson(text), 'line');
}

/** Whatever refuses a line names it. */
function atLine<T>(line: number, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof HttpError)) throw error;
    throw new HttpError(error.status, error.code, `Line ${line}: ${error.message}`, { ...error.details, line });
  }
}

/** Lines without their ends. The last one may have none. */
async function* splitLines(
  chunks: AsyncIterable<Buffer>,
  { maxBytes, maxLineBytes }: LinesBody,
  next: () => number,
): AsyncGenerator<Buffer> {
  let total = 0;
  const line = new ByteCollector();
  const add = (part: Buffer) => {
    if (line.length + part.length > maxLineBytes) throw lineTooLarge(next(), maxLineBytes);
    line.add(part);
  };
  for await (const chunk of chunks) {
    total += chunk.length;
    if (total > maxBytes) throw tooLarge(maxBytes);
    let start = 0;
    for (let end = chunk.indexOf(NEWLINE); end !== -1; end = chunk.indexOf(NEWLINE, start)) {
      add(chunk.subarray(start, end));
      yield line.take();
      start = end + 1;
    }
    if (start < chunk.length) add(chunk.subarray(start));
  }
  if (line.length > 0) yield line.take();
}

function lineTooLarge(line: number, maxLineBytes: number): HttpError {
  return httpErrors.bodyTooLarge({ line }, `Line ${line} is larger than ${maxLineBytes / MIB} MiB.`);
}
