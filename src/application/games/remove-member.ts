/** Removes a member from a game: by a GM, or by leaving. */
import { memberFacts } from '#domain/games/audit-facts.ts';
import { checkGmRemains } from '#domain/games/game.ts';
import { requireManager } from '#domain/games/policy.ts';
import type { UserActor } from '#domain/shared/actor.ts';
import type { GameId, UserId } from '#domain/shared/ids.ts';
import type { AuditEntries, AuditLog } from '../shared/audit-log.ts';
import type { Clock } from '../shared/clock.ts';
import type { Ids } from '../shared/ids.ts';
import type { UnitOfWork } from '../shared/unit-of-work.ts';
import { visibleGame } from './game-access.ts';
import { actsAsManager, beginEvent } from './game-events.ts';
import { getMember } from './member-access.ts';
import type { GameEvents, Games, Memberships, ThreadsOfGames } from './ports.ts';

type Deps = Readonly<{
  unitOfWork: UnitOfWork<{
    games: Games;
    memberships: Memberships;
    threads: ThreadsOfGames;
    gameEvents: Pick<GameEvents, 'add'>;
    audit: AuditLog;
  }>;
  audit: AuditEntries;
  clock: Clock;
  ids: Ids;
}>;

export class RemoveMember {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /**
   * The member reads nothing in the game from then on: what they own there passes to the GM who joined first. Throws
   * 404 `game_not_found`, `member_not_found`; 403 `gm_required` unless the actor leaves; 409 `last_gm`.
   */
  async execute(actor: UserActor, gameId: GameId, userId: UserId): Promise<void> {
    const { unitOfWork, audit } = this.#deps;
    const leaves = userId === actor.userId;
    const action = leaves ? 'members.leave' : 'members.remove';
    const event = beginEvent(this.#deps, actor, gameId);
    const entry = audit.by(actor, { action, subject: `game:${gameId}` });
    await unitOfWork.run(async (repos) => {
      const seen = await visibleGame(repos, actor, gameId);
      if (!leaves) requireManager(seen, actor);
      const member = await getMember(repos.memberships, gameId, userId);
      checkGmRemains(member, null, await repos.memberships.countGms(gameId));
      await repos.memberships.remove(gameId, userId);
      await repos.threads.transferOwnership(userId, gameId);
      const [{ roleInGame }, byManager] = [member, !leaves && actsAsManager(seen)];
      await repos.gameEvents.add({ ...event, kind: 'left', userId, roleInGame, byManager });
      await repos.audit.add({ ...entry, before: memberFacts(member) });
    });
  }
}
