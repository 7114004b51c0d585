/** Lets an answer through for as long as everything that it is made of may be read. */
import type { Listener } from './model-answers.ts';

type Deps = Readonly<{
  /** Whether everything may be read still. */
  isOpen: () => Promise<boolean>;
  listener: Listener;
}>;

/** Asked before each piece, and at the end: what is told was allowed when it was told. Once closed it stays closed. */
export class SourceGate {
  readonly #deps: Deps;
  readonly #closed = new AbortController();
  #waiting = '';
  #telling: Promise<void> | null = null;
  #failure: unknown = null;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /** What whoever writes the answer tells instead of the listener. */
  get listener(): Listener {
    const { gone, onText } = this.#deps.listener;
    const either = AbortSignal.any([gone, this.#closed.signal]);
    return onText === undefined ? { gone: either } : { gone: either, onText: (piece) => this.#add(piece) };
  }

  /** Whether everything may be read, once all that was let through is told. Throws what looking it up has thrown. */
  async end(): Promise<boolean> {
    await this.#telling;
    if (this.#failure !== null) throw this.#failure;
    return !this.#closed.signal.aborted && (await this.#deps.isOpen());
  }

  #add(piece: string): void {
    this.#waiting += piece;
    this.#telling ??= this.#tell().catch((failure) => {
      this.#failure = failure;
      this.#closed.abort();
    });
  }

  async #tell(): Promise<void> {
    while (this.#waiting !== '' && !this.#closed.signal.aborted) {
      if (!(await this.#deps.isOpen())) return this.#closed.abort();
      const piece = this.#waiting;
      this.#waiting = '';
      this.#deps.listener.onText?.(piece);
    }
    this.#telling = null;
  }
}
