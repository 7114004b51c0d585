/** Waiting for a condition that has no event of its own. */
import { setImmediate as nextTurn } from 'node:timers/promises';

/** Longest that a test waits before it says for what. */
const WITHIN_MS = 10_000;

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
    await nextTurn();
  }
}
