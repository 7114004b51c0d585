/** The pieces of an answer on their way to a client: those that wait together go together. */

/** No proxy may hold back, pack or change what comes piece by piece. */
export const UNBUFFERED = { 'Cache-Control': 'no-store, no-transform', 'X-Accel-Buffering': 'no' } as const;

/** Proxies close what is silent for a minute, and so does this server. */
export const HEARTBEAT_MS = 15_000;
/** What is sent where there is nothing else to send. */
export const HEARTBEAT = ':\n\n';

export class Pieces {
  #waiting = '';
  #ended = false;
  #wake: (() => void) | undefined;

  add(piece: string): void {
    this.#waiting += piece;
    this.#wake?.();
  }

  /** No more pieces come. */
  end(): void {
    this.#ended = true;
    this.#wake?.();
  }

  /** What has come since the last time, once something has; nothing after `withinMs`; undefined after the end. */
  async next(withinMs?: number): Promise<string | undefined> {
    if (this.#waiting === '' && !this.#ended) await this.#woken(withinMs);
    if (this.#waiting === '' && this.#ended) return undefined;
    const text = this.#waiting;
    this.#waiting = '';
    return text;
  }

  #woken(withinMs: number | undefined): Promise<void> {
    return new Promise((resolve) => {
      const timer = withinMs === undefined ? undefined : setTimeout(resolve, withinMs);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}
