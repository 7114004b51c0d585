/** How often races and faults are tried: a few times by default, more where TEST_ROUNDS says so, `full` for all. */

const DEFAULT = 5;

/** At most `full` rounds. */
export function rounds(full: number): number {
  const given = process.env.TEST_ROUNDS ?? String(DEFAULT);
  return given === 'full' ? full : Math.min(full, Number(given));
}
