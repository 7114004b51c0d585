/** Following a stream of events for as long as it may be followed. */
import { TavernkeepError } from './errors.ts';
import { paused, pauseOf } from './retry.ts';
import { eventsOf, type ServerSent } from './server-sent-events.ts';

export type LiveEvent = Extract<ServerSent, { event: string }>;

/** Opens the stream, to go on after the event with this id. */
type Open = (lastId: string | undefined) => Promise<Response>;
type Progress = { lastId?: string | undefined; retryMs?: number; failures: number };

/**
 * Connects again when the connection is lost, after as long as the server asked for. Ends with the signal; throws the
 * refusal where the stream may not be read any more.
 */
export async function* followed(open: Open, signal: AbortSignal | undefined): AsyncGenerator<LiveEvent> {
  const progress: Progress = { failures: 0 };
  while (!signal?.aborted) {
    try {
      for await (const event of connection(open, progress)) {
        yield event;
        if (signal?.aborted) return;
      }
    } catch (error) {
      if (!signal?.aborted && isFinal(error)) throw error;
    }
    await paused(progress.retryMs ?? pauseOf(undefined, progress.failures), signal).catch(() => {});
    progress.failures += 1;
  }
}

async function* connection(open: Open, progress: Progress): AsyncGenerator<LiveEvent> {
  for await (const told of eventsOf(await open(progress.lastId))) {
    progress.failures = 0;
    if ('retryMs' in told) progress.retryMs = told.retryMs;
    else {
      progress.lastId = told.id ?? progress.lastId;
      yield told;
    }
  }
}

/** What breaks while it is read is a lost connection; of what the server answers, some is over in a moment. */
function isFinal(error: unknown): boolean {
  return TavernkeepError.is(error) && error.status !== 0 && error.status !== 429 && error.status < 500;
}
