/** How often races and faults are tried: a few times by default, more where TEST_ROUNDS says so, `full` for all. */

const DEFAULT = 5;

const given = process.env.TEST_ROUNDS ?? String(DEFAULT);

/** Whether everything is tried as often, and on as much, as it ever is. */
export const isFull = given === 'full';

/** At most `full` rounds. */
export function rounds(full: number): number {
  return isFull ? full : Math.min(full, Number(given));
}
