/** The only transaction that the application knows. */

/**
 * All of `work` happens or none of it; a throw rolls back. Works see each other one at a time.
 * `work` may run again after a conflict, so it touches only `repos`, and nothing slow happens inside.
 */
export interface UnitOfWork<out Repos> {
  run<T>(work: (repos: Repos) => Promise<T>): Promise<T>;
}
