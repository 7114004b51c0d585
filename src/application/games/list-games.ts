/** Lists the actor's games in a workspace, or all games of it. */
import { MANAGE_GAMES, type SeenGame, USE_GAMES } from '#domain/games/policy.ts';
import { requirePermission, requirePermissionIn, type UserActor, workspaceFor } from '#domain/shared/actor.ts';
import type { WorkspaceId } from '#domain/shared/ids.ts';
import type { Page } from '../shared/page.ts';
import type { GameCursor, Games } from './ports.ts';

type Deps = Readonly<{ reads: Readonly<{ games: Pick<Games, 'list'> }> }>;

export class ListGames {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /**
   * Returns a page, newest first. Throws 403 without `games.use` and, if `all` is set, without `games.manage` there;
   * 404 `workspace_not_found`.
   */
  async execute(
    actor: UserActor,
    page: Readonly<{ workspaceId?: WorkspaceId | undefined; all: boolean; limit: number; cursor?: GameCursor }>,
  ): Promise<Page<SeenGame, GameCursor>> {
    requirePermission(actor, USE_GAMES);
    if (page.all) requirePermission(actor, MANAGE_GAMES);
    const workspaceId = workspaceFor(actor, page.workspaceId);
    if (page.all) requirePermissionIn(actor, workspaceId, MANAGE_GAMES);
    return this.#deps.reads.games.list(actor.userId, { ...page, workspaceId });
  }
}
