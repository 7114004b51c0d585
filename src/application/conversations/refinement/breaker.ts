/** Leaves a language model alone for a while that has failed several times in a row. */
import type { Clock } from '#application/shared/clock.ts';

const MAX_FAILURES = 5;
const PAUSE_MS = 30 * 60_000;

export class Breaker {
  readonly #clock: Clock;
  #failures = 0;
  #openedMs = 0;

  constructor({ clock }: Readonly<{ clock: Clock }>) {
    this.#clock = clock;
  }

  /** No longer than the pause, wherever the clock stood when it began. */
  get isOpen(): boolean {
    const passedMs = this.#clock.now().getTime() - this.#openedMs;
    return this.#failures >= MAX_FAILURES && passedMs >= 0 && passedMs < PAUSE_MS;
  }

  succeeded(): void {
    this.#failures = 0;
  }

  /** After a pause the first failure begins the next one. */
  failed(): void {
    this.#failures += 1;
    this.#openedMs = this.#clock.now().getTime();
  }
}
