/** Invitations to games in memory. */
import type { InvitationCursor, Invitations } from '#application/games/ports.ts';
import type { Page, PageRequest } from '#application/shared/page.ts';
import { GAME_ROLES } from '#domain/games/game.ts';
import type { Invitation } from '#domain/games/invitation.ts';
import type { GameId, InvitationId } from '#domain/shared/ids.ts';
import { known } from '#domain/shared/vocabulary.ts';
import { newestFirst } from '../shared/keyset.ts';
import type { Changes, MemoryTables } from '../shared/tables.ts';

export class MemoryInvitations implements Invitations {
  readonly #tables: MemoryTables;
  readonly #changes: Changes;

  constructor(deps: Readonly<{ tables: MemoryTables; changes: Changes }>) {
    this.#tables = deps.tables;
    this.#changes = deps.changes;
  }

  async find(gameId: GameId, id: InvitationId): Promise<Invitation | undefined> {
    const found = this.#changes.find(this.#tables.invitations, id);
    return found?.gameId === gameId ? found : undefined;
  }

  async findByDigest(digest: string): Promise<Invitation | undefined> {
    const id = this.#changes.find(this.#tables.invitationIdByDigest, digest);
    return id === undefined ? undefined : this.#changes.find(this.#tables.invitations, id);
  }

  async list(gameId: GameId, page: PageRequest<InvitationCursor>): Promise<Page<Invitation, InvitationCursor>> {
    const found = [...this.#changes.all(this.#tables.invitations, (one) => one.gameId === gameId)];
    return newestFirst(found, ({ createdAt, id }) => ({ at: createdAt, id }), page);
  }

  async add(invitation: Invitation): Promise<void> {
    const { games, invitations, invitationIdByDigest } = this.#tables;
    if (!this.#changes.has(games, invitation.gameId)) throw new Error('There is no such game.');
    if (this.#changes.has(invitationIdByDigest, invitation.digest)) throw new Error('There is such a code already.');
    known(GAME_ROLES, invitation.roleInGame);
    this.#changes.set(invitations, invitation.id, invitation);
    this.#changes.set(invitationIdByDigest, invitation.digest, invitation.id);
  }

  async use(id: InvitationId): Promise<boolean> {
    const found = this.#changes.find(this.#tables.invitations, id);
    if (found === undefined || found.revokedAt !== null || found.uses >= found.maxUses) return false;
    this.#changes.set(this.#tables.invitations, id, { ...found, uses: found.uses + 1 });
    return true;
  }

  async revoke(id: InvitationId, at: Date): Promise<void> {
    const found = this.#changes.find(this.#tables.invitations, id);
    if (found === undefined || found.revokedAt !== null) return;
    this.#changes.set(this.#tables.invitations, id, { ...found, revokedAt: at });
  }
}
