/** Appends the messages of a transcript one after the other, at a given speed. */
import { setTimeout as wait } from 'node:timers/promises';
import { type OptionsOf, type Tavernkeep, TavernkeepError } from '../sdk/sdk.ts';
import type { Compaction } from './api-types.ts';
import type { Tally } from './tally.ts';
import type { Line } from './transcript.ts';
import { UserError } from './user-error.ts';

/** What a transcript has is for the server to check. */
type Said = OptionsOf<'post', '/chat/{thread}'>['body'];

/** Shows the progress of a replay. */
export interface Renderer {
  /** Called after each message, whether it was appended or refused. */
  said(line: Line, number: number, tally: Tally): void;
  compacted(event: Compaction, number: number): void;
  refused(why: TavernkeepError, number: number): void;
  /** Restores the terminal; the last state stays visible. */
  close(): void;
}

export type Play = Readonly<{
  api: Tavernkeep;
  threadId: string;
  lines: readonly Line[];
  /** Messages per second. */
  speed: number;
  tally: Tally;
  renderer: Renderer;
  /** Ends the replay before the next message. */
  signal: AbortSignal;
}>;

/** Returns the messages that the server accepted, in order. Throws `UserError` if it stops responding. */
export async function play({ lines, speed, tally, renderer, signal, ...where }: Play): Promise<readonly Line[]> {
  const taken: Line[] = [];
  const start = performance.now();
  for (const [index, line] of lines.entries()) {
    await pause(start + (index * 1_000) / speed, signal);
    if (signal.aborted) break;
    if (await say({ line, number: index + 1, tally, renderer, ...where })) taken.push(line);
    renderer.said(line, index + 1, tally);
  }
  return taken;
}

async function pause(until: number, signal: AbortSignal): Promise<void> {
  const ms = until - performance.now();
  if (ms >= 1) await wait(ms, undefined, { signal }).catch(() => undefined);
}

type Saying = Pick<Play, 'api' | 'threadId' | 'tally' | 'renderer'> & Readonly<{ line: Line; number: number }>;

/**
 * Returns whether the server accepted the message. A message that it cannot take is counted, and the replay goes on.
 */
async function say({ api, threadId, tally, renderer, line, number }: Saying): Promise<boolean> {
  const asked = performance.now();
  try {
    const answer = await api.post('/chat/{thread}', { path: { thread: threadId }, body: line as Said });
    tally.add(answer, performance.now() - asked);
    if (answer.compaction !== undefined) renderer.compacted(answer.compaction, number);
    return true;
  } catch (error) {
    if (!TavernkeepError.is(error)) throw error;
    if (error.status === 0) throw new UserError(`The server went away at message ${number}: ${error.message}`);
    if (error.status !== 413 && error.status !== 400) throw error;
    tally.refuse();
    renderer.refused(error, number);
    return false;
  }
}
