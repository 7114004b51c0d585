/** Changes a game's name or description. */
import { gameFacts } from '#domain/games/audit-facts.ts';
import type { Game } from '#domain/games/game.ts';
import type { SeenGame } from '#domain/games/policy.ts';
import type { UserActor } from '#domain/shared/actor.ts';
import type { GameId } from '#domain/shared/ids.ts';
import { type AuditEntries, type AuditLog, changedFacts } from '../shared/audit-log.ts';
import type { Clock } from '../shared/clock.ts';
import type { Ids } from '../shared/ids.ts';
import type { Precondition } from '../shared/precondition.ts';
import type { UnitOfWork } from '../shared/unit-of-work.ts';
import { managedGame } from './game-access.ts';
import { actsAsManager, beginEvent } from './game-events.ts';
import type { GameEvents, Games, MembershipReads } from './ports.ts';

type Deps = Readonly<{
  unitOfWork: UnitOfWork<{
    games: Games;
    memberships: MembershipReads;
    gameEvents: Pick<GameEvents, 'add'>;
    audit: AuditLog;
  }>;
  audit: AuditEntries;
  clock: Clock;
  ids: Ids;
}>;

/** Fields that are left out keep their values. */
export type GameChange = Readonly<Partial<Pick<Game, 'name' | 'description'>>>;

export class ChangeGame {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /** Returns the changed game. Throws 404 `game_not_found`; 403 `gm_required`; what `precondition` throws. */
  async execute(
    actor: UserActor,
    id: GameId,
    change: GameChange,
    precondition: Precondition<SeenGame>,
  ): Promise<SeenGame> {
    const { unitOfWork, audit } = this.#deps;
    const event = beginEvent(this.#deps, actor, id);
    const entry = audit.by(actor, { action: 'games.update', subject: `game:${id}` });
    return unitOfWork.run(async (repos) => {
      const seen = await managedGame(repos, actor, id);
      precondition(seen);
      const { game, myRole } = seen;
      const changed: Game = { ...game, ...change };
      const changes = changedFacts(gameFacts(game), gameFacts(changed));
      if (changes === null) return seen;
      await repos.games.save(changed);
      const about = { kind: 'game_changed', userId: null, roleInGame: null, byManager: actsAsManager(seen) } as const;
      await repos.gameEvents.add({ ...event, ...about });
      await repos.audit.add({ ...entry, ...changes });
      return { game: changed, myRole };
    });
  }
}
