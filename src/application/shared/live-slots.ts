/** How many live streams there are at once, of one user and of all, whatever they tell of. */
import type { UserId } from '#domain/shared/ids.ts';
import { liveErrors } from '#domain/shared/live-errors.ts';

/** Streams at once; `perUser` 0 stands for no limit. */
export type FollowLimits = Readonly<{ perUser: number; perProcess: number }>;

export class LiveSlots {
  readonly #limits: FollowLimits;
  readonly #counts = new Map<UserId, number>();
  #total = 0;

  constructor({ limits }: Readonly<{ limits: FollowLimits }>) {
    this.#limits = limits;
  }

  /** Takes a slot, and returns what gives it back. Throws 409 `live_streams_full`, 503 `live_streams_busy`. */
  take(userId: UserId): () => void {
    const { perUser, perProcess } = this.#limits;
    if (perUser > 0 && this.#countOf(userId) >= perUser) throw liveErrors.liveStreamsFull({ maxStreams: perUser });
    if (this.#total >= perProcess) throw liveErrors.liveStreamsBusy();
    this.#add(userId, 1);
    let isTaken = true;
    return () => {
      if (isTaken) this.#add(userId, -1);
      isTaken = false;
    };
  }

  #countOf(userId: UserId): number {
    return this.#counts.get(userId) ?? 0;
  }

  #add(userId: UserId, difference: 1 | -1): void {
    this.#total += difference;
    const count = this.#countOf(userId) + difference;
    if (count > 0) this.#counts.set(userId, count);
    else this.#counts.delete(userId);
  }
}
