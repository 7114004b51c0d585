/** Invitations to games in memory. */
import type { Invitations } from '#application/games/ports.ts';
import { GAME_ROLES } from '#domain/games/game.ts';
import { known } from '#domain/shared/vocabulary.ts';
import { MemoryInvitations } from '../shared/invitations.ts';
import type { Changes, MemoryTables } from '../shared/tables.ts';

type Deps = Readonly<{ tables: MemoryTables; changes: Changes }>;

export function gameInvitations({ tables, changes }: Deps): Invitations {
  return new MemoryInvitations({
    changes,
    invitations: tables.invitations,
    idByDigest: tables.invitationIdByDigest,
    targetOf: ({ gameId }) => gameId,
    check({ gameId, roleInGame }) {
      if (!changes.has(tables.games, gameId)) throw new Error('There is no such game.');
      known(GAME_ROLES, roleInGame);
    },
  });
}
