/** Opens a game, with the actor as its first GM. */
import { gameFacts } from '#domain/games/audit-facts.ts';
import type { Game } from '#domain/games/game.ts';
import { type SeenGame, USE_GAMES } from '#domain/games/policy.ts';
import { requirePermission, type UserActor, workspaceFor } from '#domain/shared/actor.ts';
import type { WorkspaceId } from '#domain/shared/ids.ts';
import { requireStillMember } from '../shared/access/still-member.ts';
import type { AuditEntries, AuditLog } from '../shared/audit-log.ts';
import type { Clock } from '../shared/clock.ts';
import type { IdempotencyKeys, ToStoredResponse } from '../shared/idempotency.ts';
import type { Ids } from '../shared/ids.ts';
import type { UnitOfWork } from '../shared/unit-of-work.ts';
import type { WorkspaceMembers } from '../workspaces/ports.ts';
import { beginEvent } from './game-events.ts';
import type { GameEvents, Games, Memberships } from './ports.ts';

type Deps = Readonly<{
  unitOfWork: UnitOfWork<{
    games: Games;
    memberships: Memberships;
    gameEvents: Pick<GameEvents, 'add'>;
    workspaceMembers: Pick<WorkspaceMembers, 'find'>;
    audit: AuditLog;
    idempotency: IdempotencyKeys;
  }>;
  audit: AuditEntries;
  clock: Clock;
  ids: Ids;
}>;

export type OpenGameInput = Readonly<{
  name: string;
  description: string | null;
  /** The actor's first where it is left out. */
  workspaceId?: WorkspaceId | undefined;
}>;

export class OpenGame {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /** Returns the new game. Throws 403 without `games.use` or `games.create`; 404 `workspace_not_found`. */
  async execute(
    actor: UserActor,
    { name, description, workspaceId: named }: OpenGameInput,
    toStoredResponse?: ToStoredResponse<SeenGame>,
  ): Promise<SeenGame> {
    requirePermission(actor, USE_GAMES);
    requirePermission(actor, 'games.create');
    const workspaceId = workspaceFor(actor, named);
    const { unitOfWork, audit, ids } = this.#deps;
    const id = ids.next('game');
    const event = beginEvent(this.#deps, actor, id);
    const creator = { userId: actor.userId, roleInGame: 'gm' } as const;
    const game: Game = { id, workspaceId, name, description, createdByUserId: actor.userId, createdAt: event.at };
    const opened: SeenGame = { game, myRole: 'gm' };
    const entry = audit.by(actor, { action: 'games.create', subject: `game:${id}`, after: gameFacts(game) });
    await unitOfWork.run(async (repos) => {
      await requireStillMember(repos.workspaceMembers, workspaceId, actor.userId);
      await repos.games.add(game);
      await repos.memberships.add({ gameId: id, ...creator, joinedAt: event.at });
      await repos.gameEvents.add({ ...event, kind: 'joined', ...creator, byManager: false });
      await repos.audit.add(entry);
      if (toStoredResponse !== undefined) await repos.idempotency.add(toStoredResponse(opened));
    });
    return opened;
  }
}
