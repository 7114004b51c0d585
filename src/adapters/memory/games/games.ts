/** Games in memory. */
import type { GameCursor, Games } from '#application/games/ports.ts';
import type { Page } from '#application/shared/page.ts';
import type { Game } from '#domain/games/game.ts';
import type { SeenGame } from '#domain/games/policy.ts';
import type { GameId, UserId, WorkspaceId } from '#domain/shared/ids.ts';
import { removeInvitations } from '../shared/invitations.ts';
import { newestFirst } from '../shared/keyset.ts';
import type { Changes, MemoryTables } from '../shared/tables.ts';
import { membershipKey } from './memberships.ts';

export class MemoryGames implements Games {
  readonly #tables: MemoryTables;
  readonly #changes: Changes;

  constructor(deps: Readonly<{ tables: MemoryTables; changes: Changes }>) {
    this.#tables = deps.tables;
    this.#changes = deps.changes;
  }

  async find(id: GameId): Promise<Game | undefined> {
    return this.#changes.find(this.#tables.games, id);
  }

  async add(game: Game): Promise<void> {
    const { games, users, workspaces } = this.#tables;
    if (game.createdByUserId !== null && !this.#changes.has(users, game.createdByUserId))
      throw new Error('There is no such user.');
    if (!this.#changes.has(workspaces, game.workspaceId)) throw new Error('There is no such workspace.');
    if (this.#changes.has(games, game.id)) throw new Error('There is a game with this id already.');
    this.#changes.set(games, game.id, game);
  }

  async save(game: Game): Promise<void> {
    if (this.#changes.has(this.#tables.games, game.id)) this.#changes.set(this.#tables.games, game.id, game);
  }

  async remove(id: GameId): Promise<void> {
    const { games, memberships, invitations, invitationIdByDigest: idByDigest, gameEvents, threads } = this.#tables;
    this.#changes.remove(games, id);
    this.#changes.removeWhere(memberships, (membership) => membership.gameId === id);
    this.#changes.removeWhere(gameEvents, (event) => event.gameId === id);
    removeInvitations({ changes: this.#changes, invitations, idByDigest }, ({ gameId }) => gameId === id);
    for (const thread of this.#changes.all(threads))
      if (thread.gameId === id) this.#changes.set(threads, thread.id, { ...thread, gameId: null });
  }

  async list(
    viewer: UserId,
    page: Readonly<{ workspaceId: WorkspaceId; all: boolean; limit: number; cursor?: GameCursor }>,
  ): Promise<Page<SeenGame, GameCursor>> {
    const inWorkspace = this.#changes.all(this.#tables.games, (game) => game.workspaceId === page.workspaceId);
    const seen = [...inWorkspace].map((game) => this.#seen(game, viewer));
    const found = seen.filter(({ myRole }) => page.all || myRole !== null);
    return newestFirst(found, ({ game }) => ({ at: game.createdAt, id: game.id }), page);
  }

  #seen(game: Game, viewer: UserId): SeenGame {
    const mine = this.#changes.find(this.#tables.memberships, membershipKey(game.id, viewer));
    return { game, myRole: mine?.roleInGame ?? null };
  }
}
