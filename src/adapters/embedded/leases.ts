/** The leases of a single process: its death ends them all. */
import type { Lease, Leases } from '#application/shared/leases.ts';

type Held = Readonly<{ holder: string | undefined; lost: AbortController }>;

export class EmbeddedLeases implements Leases {
  readonly #held = new Map<string, Held>();

  async run<T>(name: string, _ttlMs: number, work: () => Promise<T>): Promise<T | undefined> {
    if (this.#held.has(name)) return undefined;
    this.#held.set(name, { holder: undefined, lost: new AbortController() });
    try {
      return await work();
    } finally {
      this.#held.delete(name);
    }
  }

  async hold(name: string, holder: string, _ttlMs: number): Promise<Lease | undefined> {
    if (this.#held.has(name)) return undefined;
    const lost = new AbortController();
    this.#held.set(name, { holder, lost });
    return { lost: lost.signal, end: () => this.end(name, holder) };
  }

  async findHolder(name: string): Promise<string | undefined> {
    return this.#held.get(name)?.holder;
  }

  async end(name: string, holder: string): Promise<void> {
    const held = this.#held.get(name);
    if (held?.holder !== holder) return;
    this.#held.delete(name);
    held.lost.abort();
  }
}
