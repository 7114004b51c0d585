/** The leases of a single process: its death ends them all. */
import type { Leases } from '#application/shared/leases.ts';

export class EmbeddedLeases implements Leases {
  readonly #held = new Set<string>();

  async run<T>(name: string, _ttlMs: number, work: () => Promise<T>): Promise<T | undefined> {
    if (this.#held.has(name)) return undefined;
    this.#held.add(name);
    try {
      return await work();
    } finally {
      this.#held.delete(name);
    }
  }
}
