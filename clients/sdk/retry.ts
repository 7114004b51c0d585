/** Trying again what may be tried again. */
import { TavernkeepError } from './errors.ts';

const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 30_000;

/** Nothing was done: whatever the call is, it may be sent again. */
const NOT_DONE: readonly string[] = ['rate_limited', 'store_unavailable', 'hashing_busy', 'append_contended'];
/** Nobody knows what was done: only what has one effect however often it comes is sent again. */
const UNKNOWN: readonly string[] = ['unreachable', 'timed_out', 'unreadable_answer', 'outcome_unknown'];

export type Policy = Readonly<{
  /** How often a call is sent again. */
  retries: number;
  /** Whether it has one effect however often it is sent. */
  repeatable: boolean;
  signal: AbortSignal | undefined;
}>;

/** Rejects with the last error, or with the signal's reason. */
export async function retried<T>(send: () => Promise<T>, { retries, repeatable, signal }: Policy): Promise<T> {
  for (let failures = 0; ; failures += 1) {
    try {
      return await send();
    } catch (error) {
      const again = failures < retries && mayRepeat(error, repeatable);
      const pause = again ? pauseOf(error as TavernkeepError, failures) : Number.POSITIVE_INFINITY;
      if (pause > LONGEST_PAUSE_MS) throw error;
      await paused(pause, signal);
    }
  }
}

function mayRepeat(error: unknown, repeatable: boolean): boolean {
  if (!TavernkeepError.is(error)) return false;
  if (NOT_DONE.includes(error.code)) return true;
  return repeatable && (UNKNOWN.includes(error.code) || error.status === 503);
}

/** As long as the server asks for, else twice as long each time, and never in step with others. */
export function pauseOf(error: TavernkeepError | undefined, failures: number): number {
  const backOff = Math.min(FIRST_PAUSE_MS * 2 ** failures, LONGEST_PAUSE_MS);
  return (error?.retryAfterMs ?? backOff / 2) + (Math.random() * backOff) / 2;
}

/** Rejects with the signal's reason where that comes first. */
export function paused(ms: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = () => {
      clearTimeout(timer);
      reject(signal?.reason);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', stop);
      resolve();
    }, ms);
    if (signal?.aborted) stop();
    else signal?.addEventListener('abort', stop, { once: true });
  });
}
