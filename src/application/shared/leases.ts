/** What only one process may do at a time, as a port. */

export interface Leases {
  /**
   * Runs `work` while nobody else, in any process, holds the lease of this name; undefined, with nothing done, where
   * somebody does. A lease whose holder died is free again after `ttlMs`: `work` must end sooner. Throws 503
   * `store_unavailable` where nobody can be asked.
   */
  run<T>(name: string, ttlMs: number, work: () => Promise<T>): Promise<T | undefined>;
}
