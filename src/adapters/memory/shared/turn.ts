/** The one queue of a database in memory. */

/** Runs `work` after everything that was asked for before it. */
export type Turn = <T>(work: () => Promise<T>) => Promise<T>;
