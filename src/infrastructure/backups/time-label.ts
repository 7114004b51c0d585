/** A time as it stands in the names of backups and of what a restore puts aside. */

/** In UTC, to the millisecond, and in the order of time: `20261130T095000123Z`. */
export function timeLabel(time: Date): string {
  return time.toISOString().replaceAll(/[-:.]/g, '');
}
