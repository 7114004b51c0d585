/** How many sessions are alive, for a scrape: counted seldom, and waited for only shortly. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Sessions } from '#application/identity/ports.ts';
import type { Clock } from '#application/shared/clock.ts';
import type { Instruments, Sample } from './instruments.ts';

/** However often somebody scrapes, the store counts no more often. */
const INTERVAL_MS = 10_000;
/** A store that is slow holds up no scrape. */
const WAIT_MS = 250;

type Deps = Readonly<{ sessions: Pick<Sessions, 'count'>; clock: Clock; waitMs?: number }>;

export function observeAliveSessions(instruments: Instruments, deps: Deps): void {
  const alive = new AliveSessions(deps);
  instruments.readGauge(
    { name: 'tavernkeep_sessions_alive', help: 'Sessions that are alive, as counted in the last ten seconds.' },
    () => alive.read(),
  );
}

class AliveSessions {
  readonly #deps: Deps;
  #counted: Readonly<{ count: number; atMs: number }> | null = null;
  #counting: Promise<void> | null = null;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /** What was counted last; nothing where the store does not answer. */
  async read(): Promise<readonly Sample<never>[]> {
    if (this.#counted === null || performance.now() - this.#counted.atMs >= INTERVAL_MS) {
      this.#counting ??= this.#count().finally(() => {
        this.#counting = null;
      });
      await Promise.race([this.#counting, sleep(this.#deps.waitMs ?? WAIT_MS, undefined, { ref: false })]);
    }
    return this.#counted === null ? [] : [[{}, this.#counted.count]];
  }

  async #count(): Promise<void> {
    const { sessions, clock } = this.#deps;
    try {
      this.#counted = { count: await sessions.count(clock.now()), atMs: performance.now() };
    } catch {
      this.#counted = null;
    }
  }
}
