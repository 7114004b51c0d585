/** Begins events of a game's history. Ids and times are drawn outside the unit of work, which may run again. */
import type { GameEvent } from '#domain/games/game-event.ts';
import type { SeenGame } from '#domain/games/policy.ts';
import type { UserActor } from '#domain/shared/actor.ts';
import type { GameId } from '#domain/shared/ids.ts';
import type { Clock } from '../shared/clock.ts';
import type { Ids } from '../shared/ids.ts';

/** What is known of an event before its unit of work. */
export type BegunEvent = Pick<GameEvent, 'id' | 'gameId' | 'at' | 'byUserId'>;

type Deps = Readonly<{ clock: Clock; ids: Ids }>;

export function beginEvent({ clock, ids }: Deps, by: UserActor, gameId: GameId): BegunEvent {
  return { id: ids.next('gameEvent'), gameId, at: clock.now(), byUserId: by.userId };
}

/** Whether the actor who was let in acts by `games.manage`. */
export function actsAsManager({ myRole }: SeenGame): boolean {
  return myRole !== 'gm';
}
