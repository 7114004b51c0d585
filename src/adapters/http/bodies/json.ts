/** Parses JSON that somebody sent: bounded in depth, well-formed, and without keys that reach a prototype. */
import sjson from 'secure-json-parse';
import { isCleanValue } from '../declaration/clean-text.ts';
import { httpErrors } from '../declaration/http-errors.ts';

const MAX_DEPTH = 32;

/** Throws 400 `too_deep`, `malformed_json` or `malformed_text`. */
export function parseJson(text: string): unknown {
  if (depthExceeds(text, MAX_DEPTH))
    throw httpErrors.tooDeep({}, `JSON may be nested at most ${MAX_DEPTH} levels deep.`);
  const value = parse(text);
  // Raw text was decoded as UTF-8 and JSON forbids raw control characters: only an escape can hide anything.
  if (text.includes('\\u') && !isCleanValue(value)) throw httpErrors.malformedText();
  return value;
}

function parse(text: string): unknown {
  try {
    return sjson.parse(text, undefined, { protoAction: 'error', constructorAction: 'error' });
  } catch (error) {
    throw httpErrors.malformedJson({}, `The body is not valid JSON: ${(error as Error).message}`);
  }
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/** Whether brackets nest deeper than `limit`; looked up before parsing, because a parser recurses. */
function depthExceeds(text: string, limit: number): boolean {
  let depth = 0;
  for (let i = 0; i < text.length; i += 1) {
    const code = text.charCodeAt(i);
    if (code === QUOTE) i = endOfString(text, i);
    else if (code === 0x5b || code === 0x7b) depth += 1;
    else if (code === 0x5d || code === 0x7d) depth -= 1;
    if (depth > limit) return true;
  }
  return false;
}

/** The index of the quote that closes the string opened at `start`. */
function endOfString(text: string, start: number): number {
  let end = text.indexOf('"', start + 1);
  while (end !== -1 && isEscaped(text, end)) end = text.indexOf('"', end + 1);
  return end === -1 ? text.length : end;
}

function isEscaped(text: string, at: number): boolean {
  let backslashes = 0;
  while (text.charCodeAt(at - 1 - backslashes) === BACKSLASH) backslashes += 1;
  return backslashes % 2 === 1;
}
