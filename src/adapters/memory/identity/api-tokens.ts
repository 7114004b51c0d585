/** API tokens in memory. */
import type { ApiTokenCursor, ApiTokens, TokenUses } from '#application/identity/ports.ts';
import type { Page, PageRequest } from '#application/shared/page.ts';
import { type ApiToken, isUsable, revoked } from '#domain/identity/api-token.ts';
import type { ApiTokenId, UserId } from '#domain/shared/ids.ts';
import { newestFirst } from '../shared/keyset.ts';
import type { Changes, MemoryTables } from '../shared/tables.ts';

export class MemoryApiTokens implements ApiTokens {
  readonly #tables: MemoryTables;
  readonly #changes: Changes;

  constructor(deps: Readonly<{ tables: MemoryTables; changes: Changes }>) {
    this.#tables = deps.tables;
    this.#changes = deps.changes;
  }

  async find(id: ApiTokenId): Promise<ApiToken | undefined> {
    return this.#changes.find(this.#tables.apiTokens, id);
  }

  async findByDigest(digest: string): Promise<ApiToken | undefined> {
    const id = this.#changes.find(this.#tables.apiTokenIdByDigest, digest);
    return id === undefined ? undefined : this.#changes.find(this.#tables.apiTokens, id);
  }

  async listByUser(userId: UserId, page: PageRequest<ApiTokenCursor>): Promise<Page<ApiToken, ApiTokenCursor>> {
    return newestFirst(this.#of(userId), ({ createdAt, id }) => ({ at: createdAt, id }), page);
  }

  async countUsable(userId: UserId, now: Date): Promise<number> {
    return this.#of(userId).filter((token) => isUsable(token, now)).length;
  }

  async add(token: ApiToken): Promise<void> {
    const { users, apiTokens, apiTokenIdByDigest } = this.#tables;
    if (!this.#changes.has(users, token.userId)) throw new Error('There is no such user.');
    if (this.#changes.has(apiTokens, token.id)) throw new Error('There is a token with this id already.');
    if (this.#changes.has(apiTokenIdByDigest, token.digest)) throw new Error('There is such a token already.');
    this.#changes.set(apiTokens, token.id, token);
    this.#changes.set(apiTokenIdByDigest, token.digest, token.id);
  }

  async save(token: ApiToken): Promise<void> {
    const stored = await this.find(token.id);
    if (stored === undefined) return;
    const { name, scopes, expiresAt, revokedAt, revokedBy } = token;
    this.#changes.set(this.#tables.apiTokens, token.id, { ...stored, name, scopes, expiresAt, revokedAt, revokedBy });
  }

  async addUses(id: ApiTokenId, uses: TokenUses): Promise<void> {
    const stored = await this.find(id);
    if (stored === undefined) return;
    const { lastUsedAt, usageCount } = stored;
    this.#changes.set(this.#tables.apiTokens, id, {
      ...stored,
      usageCount: usageCount + uses.count,
      lastUsedAt: lastUsedAt !== null && lastUsedAt > uses.lastAt ? lastUsedAt : uses.lastAt,
    });
  }

  async endByUser(userId: UserId, by: UserId, at: Date): Promise<number> {
    const usable = await this.countUsable(userId, at);
    for (const token of this.#of(userId)) this.#changes.set(this.#tables.apiTokens, token.id, revoked(token, by, at));
    return usable;
  }

  #of(userId: UserId): readonly ApiToken[] {
    return [...this.#changes.all(this.#tables.apiTokens, (token) => token.userId === userId)];
  }
}
