/** What happened in games, in memory. */
import type { GameEventCursor, GameEvents } from '#application/games/ports.ts';
import type { Page, PageRequest } from '#application/shared/page.ts';
import { GAME_EVENT_KINDS, type GameEvent, type NamedGameEvent } from '#domain/games/game-event.ts';
import type { GameId, UserId } from '#domain/shared/ids.ts';
import { known } from '#domain/shared/vocabulary.ts';
import { newestFirst } from '../shared/keyset.ts';
import type { Changes, MemoryTables } from '../shared/tables.ts';

export class MemoryGameEvents implements GameEvents {
  readonly #tables: MemoryTables;
  readonly #changes: Changes;

  constructor(deps: Readonly<{ tables: MemoryTables; changes: Changes }>) {
    this.#tables = deps.tables;
    this.#changes = deps.changes;
  }

  async add(event: GameEvent): Promise<void> {
    if (!this.#changes.has(this.#tables.games, event.gameId)) throw new Error('There is no such game.');
    known(GAME_EVENT_KINDS, event.kind);
    this.#changes.set(this.#tables.gameEvents, event.id, event);
  }

  async list(gameId: GameId, page: PageRequest<GameEventCursor>): Promise<Page<NamedGameEvent, GameEventCursor>> {
    const found = [...this.#changes.all(this.#tables.gameEvents, (event) => event.gameId === gameId)];
    const { items, next } = newestFirst(found, ({ at, id }) => ({ at, id }), page);
    return { items: items.map((event) => this.#named(event)), next };
  }

  #named(event: GameEvent): NamedGameEvent {
    return { ...event, displayName: this.#nameOf(event.userId), byDisplayName: this.#nameOf(event.byUserId) };
  }

  #nameOf(id: UserId | null): string | null {
    return id === null ? null : (this.#changes.find(this.#tables.users, id)?.displayName ?? null);
  }
}
