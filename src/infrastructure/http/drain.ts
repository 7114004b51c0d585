/** The time between being told to stop and stopping, in which a proxy takes this server out. */
import type { Readiness } from '#adapters/http/operations/health.ts';

/** Within it the proxy (ops/proxy/haproxy.cfg) has seen two checks fail: at most 1.2 s. */
const DRAIN_MS = 2_000;

const STOPPING: Readiness = { ready: false, checks: { server: 'stopping' } };

export class Drain {
  readonly #hasOthers: boolean;
  #begun = false;

  /** `hasOthers` where other servers may serve the same records: without any there is nobody to wait for. */
  constructor(hasOthers: boolean) {
    this.#hasOthers = hasOthers;
  }

  /** What `readiness` finds, until the drain begins. */
  readiness(readiness: () => Promise<Readiness>): Promise<Readiness> {
    return this.#begun ? Promise.resolve(STOPPING) : readiness();
  }

  /** From here on this server is not ready, and serves nevertheless. Waits until a proxy has seen it, or `cut`. */
  async wait(cut: AbortSignal): Promise<void> {
    this.#begun = true;
    if (!this.#hasOthers || cut.aborted) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, DRAIN_MS);
      cut.addEventListener('abort', () => {
        clearTimeout(timer);
        resolve();
      });
    });
  }
}
