/** Waiting for a condition that has no event of its own. */
import { setTimeout as pause } from 'node:timers/promises';

/** Longest that a test waits before it says for what. */
const WITHIN_MS = 10_000;
/** Between two looks: what is waited for needs the processor too. */
const PAUSE_MS = 2;

/**
 * Resolves with what the condition gives, once that is true; a promise of it is waited for. Throws with `what` where it
 * does not become true in time.
 */
export async function until<T>(condition: () => T | Promise<T>, what: string, withinMs = WITHIN_MS): Promise<T> {
  const late = AbortSignal.timeout(withinMs);
  for (;;) {
    const found = await condition();
    if (found) return found;
    if (late.aborted) throw new Error(`Waited ${withinMs} ms in vain for this: ${what}.`);
    await pause(PAUSE_MS);
  }
}
