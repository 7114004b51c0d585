/** Linked accounts in memory. */
import type { DueGrants, OauthAccounts } from '#application/identity/oauth/ports.ts';
import { identityErrors } from '#domain/identity/errors.ts';
import type { OauthAccount } from '#domain/identity/oauth-account.ts';
import type { OauthAccountId, UserId } from '#domain/shared/ids.ts';
import type { Changes, MemoryTables } from '../shared/tables.ts';

export class MemoryOauthAccounts implements OauthAccounts {
  readonly #tables: MemoryTables;
  readonly #changes: Changes;

  constructor(deps: Readonly<{ tables: MemoryTables; changes: Changes }>) {
    this.#tables = deps.tables;
    this.#changes = deps.changes;
  }

  async find(id: OauthAccountId): Promise<OauthAccount | undefined> {
    return this.#changes.find(this.#tables.oauthAccounts, id);
  }

  async findBySubject(issuer: string, subject: string): Promise<OauthAccount | undefined> {
    return [...this.#changes.all(this.#tables.oauthAccounts)].find(
      (account) => account.issuer === issuer && account.subject === subject,
    );
  }

  async listByUser(userId: UserId): Promise<readonly OauthAccount[]> {
    return [...this.#changes.all(this.#tables.oauthAccounts)]
      .filter((account) => account.userId === userId)
      .sort((a, b) => a.linkedAt.getTime() - b.linkedAt.getTime() || (a.id < b.id ? -1 : 1));
  }

  async listDue({ providers, before, now }: DueGrants, limit: number): Promise<readonly OauthAccount[]> {
    return [...this.#changes.all(this.#tables.oauthAccounts)]
      .filter(({ provider, refreshToken }) => refreshToken !== null && providers.includes(provider))
      .filter(({ checkedAt }) => checkedAt === null || checkedAt <= before || checkedAt > now)
      .slice(0, limit);
  }

  async add(account: OauthAccount): Promise<void> {
    const { users, oauthAccounts } = this.#tables;
    if (!this.#changes.has(users, account.userId)) throw new Error('There is no such user.');
    if (this.#changes.has(oauthAccounts, account.id)) throw new Error('There is an account with this id already.');
    if ((await this.findBySubject(account.issuer, account.subject)) !== undefined) {
      throw identityErrors.oauthAccountTaken();
    }
    this.#changes.set(oauthAccounts, account.id, account);
  }

  async save(account: OauthAccount): Promise<void> {
    const stored = await this.find(account.id);
    if (stored === undefined) return;
    const { email, refreshToken, lastUsedAt, checkedAt, brokenAt } = account;
    const changed = { ...stored, email, refreshToken, lastUsedAt, checkedAt, brokenAt };
    this.#changes.set(this.#tables.oauthAccounts, account.id, changed);
  }

  async remove(id: OauthAccountId): Promise<void> {
    this.#changes.remove(this.#tables.oauthAccounts, id);
  }
}
