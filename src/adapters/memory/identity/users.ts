/** Users in memory. */
import type { UserFilter, Users } from '#application/identity/ports.ts';
import type { Page, PageRequest } from '#application/shared/page.ts';
import { identityErrors } from '#domain/identity/errors.ts';
import { isEmail, normalizeEmail, type User, usernameKey } from '#domain/identity/user.ts';
import type { UserId } from '#domain/shared/ids.ts';
import type { Changes, MemoryTable, MemoryTables } from '../shared/tables.ts';

export class MemoryUsers implements Users {
  readonly #tables: MemoryTables;
  readonly #changes: Changes;

  constructor(deps: Readonly<{ tables: MemoryTables; changes: Changes }>) {
    this.#tables = deps.tables;
    this.#changes = deps.changes;
  }

  async find(id: UserId): Promise<User | undefined> {
    return this.#changes.find(this.#tables.users, id);
  }

  async findByLogin(login: string): Promise<User | undefined> {
    const id = isEmail(login)
      ? this.#changes.find(this.#tables.userIdByEmail, normalizeEmail(login))
      : this.#changes.find(this.#tables.userIdByUsername, usernameKey(login));
    return id === undefined ? undefined : this.#changes.find(this.#tables.users, id);
  }

  async list(filter: UserFilter, { limit, cursor }: PageRequest<UserId>): Promise<Page<User, UserId>> {
    const found = [...this.#changes.all(this.#tables.users)]
      .filter((user) => matches(user, filter) && (cursor === undefined || user.id < cursor))
      .sort((a, b) => (a.id < b.id ? 1 : -1));
    const items = found.slice(0, limit);
    return { items, next: found.length > limit ? (items.at(-1)?.id ?? null) : null };
  }

  async add(user: User): Promise<void> {
    if (this.#changes.has(this.#tables.users, user.id)) throw new Error('There is a user with this id already.');
    this.#put(user);
  }

  async save(user: User): Promise<void> {
    this.#release(user.id);
    this.#put(user);
  }

  /** As the foreign keys of a database would: what is the user's alone goes too. */
  async remove(id: UserId): Promise<void> {
    if (!this.#changes.has(this.#tables.users, id)) return;
    for (const { ownerId } of this.#changes.all(this.#tables.threads))
      if (ownerId === id) throw new Error('The user owns threads.');
    this.#release(id);
    this.#changes.remove(this.#tables.users, id);
    this.#changes.remove(this.#tables.passwordHashes, id);
    this.#changes.removeWhere(this.#tables.oauthAccounts, (account) => account.userId === id);
    for (const token of this.#changes.all(this.#tables.apiTokens)) {
      if (token.userId === id) this.#changes.remove(this.#tables.apiTokenIdByDigest, token.digest);
    }
    this.#changes.removeWhere(this.#tables.apiTokens, (token) => token.userId === id);
    this.#changes.removeWhere(this.#tables.passwordLinks, (link) => link.userId === id);
    this.#changes.removeWhere(this.#tables.memberships, (membership) => membership.userId === id);
    this.#changes.removeWhere(this.#tables.sourceAccess, (access) => access.userId === id);
    this.#changes.removeWhere(this.#tables.workspaceMembers, (membership) => membership.userId === id);
    this.#forgetCreator(this.#tables.workspaces, id);
    this.#forgetCreator(this.#tables.workspaceInvitations, id);
    this.#forgetCreator(this.#tables.games, id);
    this.#forgetCreator(this.#tables.invitations, id);
    this.#forgetInHistory(id);
    this.#forgetRequester(id);
    this.#forgetInDocuments(id);
  }

  async isHeld(role: string): Promise<boolean> {
    return [...this.#changes.all(this.#tables.users)].some((user) => user.roles.includes(role));
  }

  async countActiveWithRole(role: string): Promise<number> {
    let count = 0;
    for (const user of this.#changes.all(this.#tables.users)) {
      if (user.status === 'active' && user.roles.includes(role)) count++;
    }
    return count;
  }

  /** Frees the names that the stored user has taken. */
  #forgetCreator<Row extends Readonly<{ id: string; createdByUserId: UserId | null }>>(
    table: MemoryTable<Row>,
    id: UserId,
  ): void {
    for (const row of this.#changes.all(table))
      if (row.createdByUserId === id) this.#changes.set(table, row.id, { ...row, createdByUserId: null });
  }

  #forgetInHistory(id: UserId): void {
    const { gameEvents } = this.#tables;
    const unless = (one: UserId | null) => (one === id ? null : one);
    for (const event of this.#changes.all(gameEvents)) {
      if (event.userId !== id && event.byUserId !== id) continue;
      const left = { ...event, userId: unless(event.userId), byUserId: unless(event.byUserId) };
      this.#changes.set(gameEvents, event.id, left);
    }
  }

  #forgetRequester(id: UserId): void {
    const { jobs } = this.#tables;
    for (const job of this.#changes.all(jobs, ({ requestedBy }) => requestedBy === id))
      this.#changes.set(jobs, job.id, { ...job, requestedBy: null });
  }

  #forgetInDocuments(id: UserId): void {
    const { documents } = this.#tables;
    for (const document of this.#changes.all(documents, ({ createdBy }) => createdBy === id))
      this.#changes.set(documents, document.id, { ...document, createdBy: null });
  }

  #release(id: UserId): void {
    const { users, userIdByEmail, userIdByUsername } = this.#tables;
    const stored = this.#changes.find(users, id);
    if (stored === undefined) throw new Error('There is no such user.');
    this.#changes.remove(userIdByEmail, stored.email);
    if (stored.username !== null) this.#changes.remove(userIdByUsername, usernameKey(stored.username));
  }

  #put(user: User): void {
    const { users, userIdByEmail, userIdByUsername, roles } = this.#tables;
    const key = user.username === null ? undefined : usernameKey(user.username);
    if (this.#changes.has(userIdByEmail, user.email)) throw identityErrors.emailTaken();
    if (key !== undefined && this.#changes.has(userIdByUsername, key)) throw identityErrors.usernameTaken();
    if (!user.roles.every((role) => this.#changes.has(roles, role))) throw identityErrors.roleNotFound();
    this.#changes.set(users, user.id, { ...user, roles: [...user.roles].sort() });
    this.#changes.set(userIdByEmail, user.email, user.id);
    if (key !== undefined) this.#changes.set(userIdByUsername, key, user.id);
  }
}

function matches(user: User, { query, role, status }: UserFilter): boolean {
  const names = [user.email, user.username, user.displayName].map((name) => name?.toLowerCase());
  return (
    (query === undefined || names.some((name) => name?.includes(query.toLowerCase()))) &&
    (role === undefined || user.roles.includes(role)) &&
    (status === undefined || user.status === status)
  );
}
