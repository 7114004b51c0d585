/** Adds a user to a game as a member. */
import { memberFacts } from '#domain/games/audit-facts.ts';
import type { GameRole, Member } from '#domain/games/game.ts';
import { requireAppointer } from '#domain/games/policy.ts';
import type { UserActor } from '#domain/shared/actor.ts';
import type { GameId, UserId } from '#domain/shared/ids.ts';
import type { AuditEntries, AuditLog } from '../shared/audit-log.ts';
import type { Clock } from '../shared/clock.ts';
import type { Ids } from '../shared/ids.ts';
import type { UnitOfWork } from '../shared/unit-of-work.ts';
import type { WorkspaceMembers } from '../workspaces/ports.ts';
import { visibleGame } from './game-access.ts';
import { actsAsManager, beginEvent } from './game-events.ts';
import { getMember } from './member-access.ts';
import type { GameEvents, Games, Memberships } from './ports.ts';

type Deps = Readonly<{
  unitOfWork: UnitOfWork<{
    games: Games;
    memberships: Memberships;
    gameEvents: Pick<GameEvents, 'add'>;
    workspaceMembers: Pick<WorkspaceMembers, 'getRole'>;
    audit: AuditLog;
  }>;
  audit: AuditEntries;
  clock: Clock;
  ids: Ids;
}>;

export type AddMemberInput = Readonly<{ userId: UserId; roleInGame: GameRole }>;

export class AddMember {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /**
   * Returns the new member, who must be one of the game's workspace. Throws 404 `game_not_found`, `user_not_found`; 403
   * `gm_required`, `self_membership`; 409 `already_member`.
   */
  async execute(actor: UserActor, gameId: GameId, { userId, roleInGame }: AddMemberInput): Promise<Member> {
    const { unitOfWork, audit } = this.#deps;
    const event = beginEvent(this.#deps, actor, gameId);
    const after = memberFacts({ userId, roleInGame });
    const entry = audit.by(actor, { action: 'members.add', subject: `game:${gameId}`, after });
    return unitOfWork.run(async (repos) => {
      const seen = await visibleGame(repos, actor, gameId);
      requireAppointer(seen, actor, { userId, roleInGame }, await repos.memberships.countActiveGms(gameId));
      await repos.workspaceMembers.getRole(seen.game.workspaceId, userId);
      await repos.memberships.add({ gameId, userId, roleInGame, joinedAt: event.at });
      await repos.gameEvents.add({ ...event, kind: 'joined', userId, roleInGame, byManager: actsAsManager(seen) });
      await repos.audit.add(entry);
      return getMember(repos.memberships, gameId, userId);
    });
  }
}
