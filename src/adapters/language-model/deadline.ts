/** Ends what is silent for too long, or takes too long as a whole. */

/** How many times the longest silence the whole may take. */
const WHOLE = 10;

export class Deadline {
  readonly #controller = new AbortController();
  readonly #silence: NodeJS.Timeout;
  readonly #whole: NodeJS.Timeout;
  /** Aborted by this deadline, or by who waits. */
  readonly signal: AbortSignal;

  constructor(waiting: AbortSignal, silenceMs: number) {
    this.signal = AbortSignal.any([waiting, this.#controller.signal]);
    this.#silence = setTimeout(() => this.#controller.abort(), silenceMs);
    this.#whole = setTimeout(() => this.#controller.abort(), silenceMs * WHOLE);
  }

  get passed(): boolean {
    return this.#controller.signal.aborted;
  }

  /** Something was heard: the silence begins anew. */
  heard(): void {
    this.#silence.refresh();
  }

  end(): void {
    clearTimeout(this.#silence);
    clearTimeout(this.#whole);
  }
}
