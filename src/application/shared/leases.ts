/** What only one process may do at a time, as a port. */

/** A lease that is held until its end. */
export interface Lease {
  /** Aborted once the lease is not this holder's any more: somebody ended it, or it has lapsed. */
  readonly lost: AbortSignal;
  /** It is free again. Never throws. */
  end(): Promise<void>;
}

/** Every method throws 503 `store_unavailable` where nobody can be asked. */
export interface Leases {
  /**
   * Runs `work` while nobody else, in any process, holds the lease of this name; undefined, with nothing done, where
   * somebody does. A lease whose holder died is free again after `ttlMs`: `work` must end sooner.
   */
  run<T>(name: string, ttlMs: number, work: () => Promise<T>): Promise<T | undefined>;
  /**
   * Takes the lease of this name for `holder`, a text that no other holder has; undefined where somebody holds it. It
   * is renewed until its end; once its process has died, it is free after `ttlMs`.
   */
  hold(name: string, holder: string, ttlMs: number): Promise<Lease | undefined>;
  /** Who holds the lease of this name by `hold`; undefined where nobody does. */
  findHolder(name: string): Promise<string | undefined>;
  /** Ends the lease of this name, whichever process holds it, where it is this holder's. */
  end(name: string, holder: string): Promise<void>;
}
