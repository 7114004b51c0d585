/** Deletes a game with its memberships and invitations. Its threads remain, as private threads of their owners. */
import { gameFacts } from '#domain/games/audit-facts.ts';
import type { UserActor } from '#domain/shared/actor.ts';
import type { GameId } from '#domain/shared/ids.ts';
import type { AuditEntries, AuditLog } from '../shared/audit-log.ts';
import type { UnitOfWork } from '../shared/unit-of-work.ts';
import { managedGame } from './game-access.ts';
import type { Games, MembershipReads } from './ports.ts';

type Deps = Readonly<{
  unitOfWork: UnitOfWork<{ games: Games; memberships: MembershipReads; audit: AuditLog }>;
  audit: AuditEntries;
}>;

export class DeleteGame {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /** Throws 404 `game_not_found`; 403 `gm_required`. */
  async execute(actor: UserActor, id: GameId): Promise<void> {
    const { unitOfWork, audit } = this.#deps;
    const entry = audit.by(actor, { action: 'games.delete', subject: `game:${id}` });
    await unitOfWork.run(async (repos) => {
      const { game } = await managedGame(repos, actor, id);
      await repos.games.remove(id);
      await repos.audit.add({ ...entry, before: gameFacts(game) });
    });
  }
}
