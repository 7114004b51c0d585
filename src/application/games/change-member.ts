/** Changes a member's role in a game. */
import { memberFacts } from '#domain/games/audit-facts.ts';
import { checkGmRemains, type GameRole, type Member } from '#domain/games/game.ts';
import { requireAppointer } from '#domain/games/policy.ts';
import type { UserActor } from '#domain/shared/actor.ts';
import type { GameId, UserId } from '#domain/shared/ids.ts';
import type { AuditEntries, AuditLog } from '../shared/audit-log.ts';
import type { Clock } from '../shared/clock.ts';
import type { Ids } from '../shared/ids.ts';
import type { UnitOfWork } from '../shared/unit-of-work.ts';
import { visibleGame } from './game-access.ts';
import { actsAsManager, beginEvent } from './game-events.ts';
import { getMember } from './member-access.ts';
import type { GameEvents, Games, Memberships } from './ports.ts';

type Deps = Readonly<{
  unitOfWork: UnitOfWork<{
    games: Games;
    memberships: Memberships;
    gameEvents: Pick<GameEvents, 'add'>;
    audit: AuditLog;
  }>;
  audit: AuditEntries;
  clock: Clock;
  ids: Ids;
}>;

export class ChangeMember {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /**
   * Returns the changed member. Throws 404 `game_not_found`, `member_not_found`; 403 `gm_required`, `self_membership`;
   * 409 `last_gm`.
   */
  async execute(actor: UserActor, gameId: GameId, userId: UserId, roleInGame: GameRole): Promise<Member> {
    const { unitOfWork, audit } = this.#deps;
    const event = beginEvent(this.#deps, actor, gameId);
    const entry = audit.by(actor, { action: 'members.update', subject: `game:${gameId}` });
    return unitOfWork.run(async (repos) => {
      const seen = await visibleGame(repos, actor, gameId);
      requireAppointer(seen, actor, { userId, roleInGame }, await repos.memberships.countActiveGms(gameId));
      const member = await getMember(repos.memberships, gameId, userId);
      checkGmRemains(member, roleInGame, await repos.memberships.countGms(gameId));
      if (member.roleInGame === roleInGame) return member;
      const changed: Member = { ...member, roleInGame };
      await repos.memberships.save(changed);
      const [kind, byManager] = ['role_changed', actsAsManager(seen)] as const;
      await repos.gameEvents.add({ ...event, kind, userId, roleInGame, byManager });
      await repos.audit.add({ ...entry, before: memberFacts(member), after: memberFacts(changed) });
      return changed;
    });
  }
}
