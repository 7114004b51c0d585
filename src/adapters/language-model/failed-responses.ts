/** What the errors of OpenAI-compatible servers mean. */
import type { FailedCompletion, ModelFailure } from '#application/conversations/language-model.ts';

/** Each server has its own words for a prompt that is too long. */
const TOO_LONG =
  /context[ _-]?(?:length|size|window)|maximum context|prompt is too long|too many (?:input )?tokens|exceeds the maximum number of tokens/i;
/** Of an error as it is read: servers explain themselves at the beginning. */
const READ_BYTES = 64 * 1024;
const LONGEST_WAIT_SECONDS = 86_400;

export function failure(kind: ModelFailure, retryAfterSeconds: number | null = null): FailedCompletion {
  return { kind, retryAfterSeconds };
}

/** What a response that is no success says. Nothing of its text is handed on: it may quote the request. */
export async function failureOf(response: Response): Promise<FailedCompletion> {
  const { status } = response;
  if (status === 429) return failure('limited', secondsOf(response.headers.get('retry-after')));
  if (status >= 400 && isContextExceeded(await beginningOf(response))) return failure('context_length_exceeded');
  return failure(status >= 500 || status === 408 ? 'failed' : 'rejected');
}

/** What an error in the middle of a stream says. */
export function failureIn(error: unknown): FailedCompletion {
  return failure(isContextExceeded(JSON.stringify(error) ?? '') ? 'context_length_exceeded' : 'failed');
}

function isContextExceeded(text: string): boolean {
  return TOO_LONG.test(text);
}

async function beginningOf({ body }: Response): Promise<string> {
  const decoder = new TextDecoder();
  let [text, bytes] = ['', 0];
  for await (const piece of body ?? []) {
    text += decoder.decode(piece, { stream: true });
    bytes += piece.length;
    if (bytes >= READ_BYTES) break;
  }
  return text;
}

/** As whole seconds, or as a date. */
function secondsOf(retryAfter: string | null): number | null {
  if (retryAfter === null) return null;
  const seconds = /^\d+$/.test(retryAfter) ? Number(retryAfter) : (Date.parse(retryAfter) - Date.now()) / 1_000;
  return Number.isNaN(seconds) ? null : Math.min(LONGEST_WAIT_SECONDS, Math.max(0, Math.ceil(seconds)));
}
