/** Who is in which game, in memory. */
import type { MemberCursor, Memberships } from '#application/games/ports.ts';
import type { Page, PageRequest } from '#application/shared/page.ts';
import { gameErrors } from '#domain/games/errors.ts';
import { GAME_ROLES, type GameRole, type Member, type Membership } from '#domain/games/game.ts';
import { identityErrors } from '#domain/identity/errors.ts';
import type { GameId, UserId, WorkspaceId } from '#domain/shared/ids.ts';
import { known } from '#domain/shared/vocabulary.ts';
import { oldestFirst } from '../shared/keyset.ts';
import type { Changes, MemoryTables } from '../shared/tables.ts';

/** Under which a membership is stored: a user is a member once. */
export function membershipKey(gameId: GameId, userId: UserId): string {
  return `${gameId} ${userId}`;
}

export class MemoryMemberships implements Memberships {
  readonly #tables: MemoryTables;
  readonly #changes: Changes;

  constructor(deps: Readonly<{ tables: MemoryTables; changes: Changes }>) {
    this.#tables = deps.tables;
    this.#changes = deps.changes;
  }

  async findRole(gameId: GameId, userId: UserId): Promise<GameRole | undefined> {
    return this.#changes.find(this.#tables.memberships, membershipKey(gameId, userId))?.roleInGame;
  }

  async getWorkspace(gameId: GameId, userId: UserId, among: readonly WorkspaceId[]): Promise<WorkspaceId> {
    const role = await this.findRole(gameId, userId);
    const game = this.#changes.find(this.#tables.games, gameId);
    if (role === undefined || game === undefined || !among.includes(game.workspaceId)) throw gameErrors.gameNotFound();
    return game.workspaceId;
  }

  async find(gameId: GameId, userId: UserId): Promise<Member | undefined> {
    const found = this.#changes.find(this.#tables.memberships, membershipKey(gameId, userId));
    return found === undefined ? undefined : this.#named(found);
  }

  async list(gameId: GameId, page: PageRequest<MemberCursor>): Promise<Page<Member, MemberCursor>> {
    const members = this.#of((membership) => membership.gameId === gameId).map((one) => this.#named(one));
    return oldestFirst(members, (member) => ({ at: member.joinedAt, id: member.userId }), page);
  }

  async countGms(gameId: GameId): Promise<number> {
    return this.#gms(gameId).length;
  }

  async countActiveGms(gameId: GameId): Promise<number> {
    const users = this.#gms(gameId).map(({ userId }) => this.#changes.find(this.#tables.users, userId));
    return users.filter((user) => user?.status === 'active').length;
  }

  async add(membership: Membership): Promise<void> {
    const { users, games, memberships } = this.#tables;
    const key = membershipKey(membership.gameId, membership.userId);
    if (!this.#changes.has(users, membership.userId)) throw identityErrors.userNotFound();
    if (!this.#changes.has(games, membership.gameId)) throw new Error('There is no such game.');
    if (this.#changes.has(memberships, key)) throw gameErrors.alreadyMember();
    const { gameId, userId, joinedAt } = membership;
    const roleInGame = known(GAME_ROLES, membership.roleInGame);
    this.#changes.set(memberships, key, { gameId, userId, roleInGame, joinedAt });
  }

  async save({ gameId, userId, roleInGame }: Membership): Promise<void> {
    const key = membershipKey(gameId, userId);
    const stored = this.#changes.find(this.#tables.memberships, key);
    known(GAME_ROLES, roleInGame);
    if (stored !== undefined) this.#changes.set(this.#tables.memberships, key, { ...stored, roleInGame });
  }

  async remove(gameId: GameId, userId: UserId): Promise<void> {
    this.#changes.remove(this.#tables.memberships, membershipKey(gameId, userId));
  }

  removeByUser(userId: UserId): Promise<void> {
    return this.#removeAll(this.#of((membership) => membership.userId === userId));
  }

  async removeFromWorkspace(userId: UserId, workspaceId: WorkspaceId): Promise<void> {
    const own = this.#of((membership) => membership.userId === userId);
    const isThere = (id: GameId) => this.#changes.find(this.#tables.games, id)?.workspaceId === workspaceId;
    await this.#removeAll(own.filter(({ gameId }) => isThere(gameId)));
  }

  async #removeAll(own: readonly Membership[]): Promise<void> {
    const alone = own.find(({ roleInGame, gameId }) => roleInGame === 'gm' && this.#gms(gameId).length === 1);
    if (alone !== undefined) throw gameErrors.lastGm({ gameId: alone.gameId });
    for (const { gameId, userId } of own) await this.remove(gameId, userId);
  }

  #gms(id: GameId): readonly Membership[] {
    return this.#of(({ gameId, roleInGame }) => gameId === id && roleInGame === 'gm');
  }

  #of(wanted: (membership: Membership) => boolean): Membership[] {
    return [...this.#changes.all(this.#tables.memberships, wanted)];
  }

  #named(membership: Membership): Member {
    const user = this.#changes.find(this.#tables.users, membership.userId);
    if (user === undefined) throw new Error('A member must be a user.');
    return { ...membership, displayName: user.displayName };
  }
}
