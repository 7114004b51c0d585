/** Uses of API tokens, gathered in the process until they are written to the record store. */
import type { ApiTokens, TokenUseLog, TokenUses } from '#application/identity/ports.ts';
import type { UnitOfWork } from '#application/shared/unit-of-work.ts';
import type { ApiTokenId } from '#domain/shared/ids.ts';

type Deps = Readonly<{ unitOfWork: UnitOfWork<{ apiTokens: Pick<ApiTokens, 'addUses'> }> }>;

/** A killed process loses the uses since the last `flush`, and nothing else. */
export class EmbeddedTokenUses implements TokenUseLog {
  readonly #deps: Deps;
  #noted = new Map<ApiTokenId, TokenUses>();

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  record(id: ApiTokenId, at: Date): void {
    this.#add(id, { count: 1, lastAt: at });
  }

  async flush(): Promise<void> {
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

  #add(id: ApiTokenId, uses: TokenUses): void {
    const before = this.#noted.get(id);
    const lastAt = before !== undefined && before.lastAt > uses.lastAt ? before.lastAt : uses.lastAt;
    this.#noted.set(id, { count: (before?.count ?? 0) + uses.count, lastAt });
  }
}
