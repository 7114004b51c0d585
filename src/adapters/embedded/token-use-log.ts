/** Uses of API tokens, gathered in the process and written to the record store a moment later. */
import type { ApiTokens, TokenUseLog, TokenUses } from '#application/identity/ports.ts';
import type { UnitOfWork } from '#application/shared/unit-of-work.ts';
import type { ApiTokenId } from '#domain/shared/ids.ts';

/** How late a use may be written, in milliseconds. */
const DELAY_MS = 1_000;

type Deps = Readonly<{ unitOfWork: UnitOfWork<{ apiTokens: Pick<ApiTokens, 'addUses'> }> }>;

/** A killed process loses the uses of its last second, and nothing else. */
export class EmbeddedTokenUses implements TokenUseLog {
  readonly #deps: Deps;
  #noted = new Map<ApiTokenId, TokenUses>();
  #timer: NodeJS.Timeout | undefined;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  record(id: ApiTokenId, at: Date): void {
    this.#add(id, { count: 1, lastAt: at });
    this.#timer ??= setTimeout(() => void this.#flushLate(), DELAY_MS).unref();
  }

  async flush(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const noted = this.#noted;
    if (noted.size === 0) return;
    this.#noted = new Map();
    try {
      await this.#deps.unitOfWork.run(async ({ apiTokens }) => {
        for (const [id, uses] of noted) await apiTokens.addUses(id, uses);
      });
    } catch (error) {
      for (const [id, uses] of noted) this.#add(id, uses);
      throw error;
    }
  }

  /** Uses that cannot be written now wait for the next time; nobody is there to be told. */
  async #flushLate(): Promise<void> {
    try {
      await this.flush();
    } catch {
      this.#timer ??= setTimeout(() => void this.#flushLate(), DELAY_MS).unref();
    }
  }

  #add(id: ApiTokenId, uses: TokenUses): void {
    const before = this.#noted.get(id);
    const lastAt = before !== undefined && before.lastAt > uses.lastAt ? before.lastAt : uses.lastAt;
    this.#noted.set(id, { count: (before?.count ?? 0) + uses.count, lastAt });
  }
}
