/** Collects the uses of API tokens in memory and writes them to the record store together. */
import type { ApiTokens, TokenUseLog, TokenUses } from '#application/identity/ports.ts';
import type { UnitOfWork } from '#application/shared/unit-of-work.ts';
import type { ApiTokenId } from '#domain/shared/ids.ts';

type Deps = Readonly<{ unitOfWork: UnitOfWork<{ apiTokens: Pick<ApiTokens, 'addUses'> }> }>;

/** One write a second for each token in use replaces one for each request; a killed process loses up to a second. */
export class EmbeddedTokenUses implements TokenUseLog {
  readonly #deps: Deps;
  #pending = new Map<ApiTokenId, TokenUses>();
  /** Since when the oldest use waits, on the clock of `performance`. */
  #sinceMs = 0;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  record(id: ApiTokenId, at: Date): void {
    this.#add(id, { count: 1, lastAt: at });
  }

  /** Of how many tokens uses are not written yet, and how long the oldest has waited. */
  get unwritten(): Readonly<{ count: number; lagMs: number }> {
    const count = this.#pending.size;
    return { count, lagMs: count === 0 ? 0 : performance.now() - this.#sinceMs };
  }

  async flush(): Promise<void> {
    const [pending, sinceMs] = [this.#pending, this.#sinceMs];
    if (pending.size === 0) return;
    // Replaced before the write, so that uses recorded during it are not lost.
    this.#pending = new Map();
    try {
      await this.#deps.unitOfWork.run(async ({ apiTokens }) => {
        for (const [id, uses] of pending) await apiTokens.addUses(id, uses);
      });
    } catch (error) {
      for (const [id, uses] of pending) this.#add(id, uses);
      this.#sinceMs = sinceMs;
      throw error;
    }
  }

  /** Tries again later if the write fails: there is no caller to report the failure to. */
  #add(id: ApiTokenId, uses: TokenUses): void {
    if (this.#pending.size === 0) this.#sinceMs = performance.now();
    const before = this.#pending.get(id);
    const lastAt = before !== undefined && before.lastAt > uses.lastAt ? before.lastAt : uses.lastAt;
    this.#pending.set(id, { count: (before?.count ?? 0) + uses.count, lastAt });
  }
}
