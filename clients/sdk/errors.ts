/** Why a call did not succeed. */
import type { Problem } from './calls.ts';

/** What goes wrong before a server has answered, or in its place. */
type LocalCode = 'unreachable' | 'timed_out' | 'unreadable_answer';

/** The code of a refusal: those of the API, and three of the way there. */
export type ErrorCode = Problem['code'] | LocalCode;

type Details = Partial<Problem> & Readonly<{ retryAfterMs?: number; cause?: unknown }>;

const BRAND = Symbol.for('tavernkeep.error');

/** Every failure of a call. Programs decide by `code`; `message` is for people. */
export class TavernkeepError extends Error {
  readonly code: ErrorCode;
  /** The HTTP status; 0 where nobody has answered. */
  readonly status: number;
  /** What an operator finds the request by in the log. */
  readonly requestId: string | undefined;
  /** When it makes sense to try again. */
  readonly retryAfterMs: number | undefined;
  /** The problem document as it was answered. */
  readonly problem: Partial<Problem>;
  readonly [BRAND] = true;

  constructor(code: ErrorCode, message: string, { retryAfterMs, cause, ...problem }: Details = {}) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = 'TavernkeepError';
    this.code = code;
    this.status = problem.status ?? 0;
    this.requestId = problem.request_id;
    this.retryAfterMs = retryAfterMs;
    this.problem = problem;
  }

  /** By a mark, because `instanceof` fails where a program holds two copies of this package. */
  static is(error: unknown): error is TavernkeepError {
    return typeof error === 'object' && error !== null && BRAND in error;
  }
}

/** The refusal that a response tells of. */
export async function errorOf(response: Response): Promise<TavernkeepError> {
  const { status, headers } = response;
  const problem = (await response.json().catch(() => ({}))) as Partial<Problem>;
  const seconds = Number(headers.get('retry-after') ?? Number.NaN);
  const details = {
    ...problem,
    status,
    ...(Number.isFinite(seconds) && { retryAfterMs: seconds * 1_000 }),
  };
  const { code, detail, title } = problem;
  if (code === undefined) return new TavernkeepError('unreadable_answer', `The server answered ${status}.`, details);
  return new TavernkeepError(code, detail ?? title ?? code, details);
}

/** What `fetch` throws, as one of ours; a caller's own signal keeps its reason. */
export function fromFetch(error: unknown, url: string, signal: AbortSignal | undefined): unknown {
  if (signal?.aborted) return signal.reason;
  if (TavernkeepError.is(error)) return error;
  if ((error as Error).name === 'TimeoutError')
    return new TavernkeepError('timed_out', `${url} gave no answer in time.`, { cause: error });
  const { code = 'the connection failed' } = ((error as Error).cause ?? {}) as { code?: string };
  return new TavernkeepError('unreachable', `${url} does not answer (${code}).`, { cause: error });
}
