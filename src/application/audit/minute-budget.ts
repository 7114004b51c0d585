/** How many refusals of one kind are audited in a minute: a share for each actor or address, and a number for all. */

const MINUTE_MS = 60_000;

export type BudgetLimits = Readonly<{ perKey: number; inAll: number }>;

/** Minutes begin with the first refusal after the last one has passed, not on the clock. */
export class MinuteBudget {
  readonly #limits: BudgetLimits;
  #startMs = Number.NEGATIVE_INFINITY;
  #taken = 0;
  /** At most `inAll` keys: one whose refusals are not audited is not stored. */
  readonly #takenByKey = new Map<string, number>();
  #leftOut = 0;
  /** What was left out in minutes that are over, and is not told yet. */
  #untold = 0;

  constructor(limits: BudgetLimits) {
    this.#limits = limits;
  }

  /** Whether another refusal of this key may be audited; if so it counts, else call `leaveOut`. */
  take(key: string, now: Date): boolean {
    if (this.#isOver(now)) this.#begin(now);
    const ofKey = this.#takenByKey.get(key) ?? 0;
    if (this.#taken >= this.#limits.inAll || ofKey >= this.#limits.perKey) return false;
    this.#taken += 1;
    this.#takenByKey.set(key, ofKey + 1);
    return true;
  }

  leaveOut(number: number): void {
    this.#leftOut += number;
  }

  /** Returns and forgets the number left out in minutes that are over, or in `all`. */
  drainLeftOut(now: Date, all: boolean): number {
    if (all || this.#isOver(now)) this.#closeMinute();
    const drained = this.#untold;
    this.#untold = 0;
    return drained;
  }

  /** Takes back a drained number that could not be told. */
  restore(number: number): void {
    this.#untold += number;
  }

  /** A clock that was set back ends the minute, so that none ever lasts longer. */
  #isOver(now: Date): boolean {
    const elapsedMs = now.getTime() - this.#startMs;
    return elapsedMs < 0 || elapsedMs >= MINUTE_MS;
  }

  #begin(now: Date): void {
    this.#closeMinute();
    this.#startMs = now.getTime();
    this.#taken = 0;
    this.#takenByKey.clear();
  }

  #closeMinute(): void {
    this.#untold += this.#leftOut;
    this.#leftOut = 0;
  }
}
