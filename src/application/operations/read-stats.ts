/** Reports record counts and the adapters in use to the operator. */
import { requirePermission, type UserActor } from '#domain/shared/actor.ts';
import type { Sessions } from '../identity/ports.ts';
import type { Clock } from '../shared/clock.ts';
import type { AdaptersInUse, RecordCounts, Statistics } from './ports.ts';

type Deps = Readonly<{
  reads: Readonly<{ statistics: Statistics }>;
  sessions: Pick<Sessions, 'count'>;
  adapters: AdaptersInUse;
  clock: Clock;
}>;

export type Stats = Readonly<{ counts: RecordCounts & Readonly<{ sessions: number }>; adapters: AdaptersInUse }>;

export class ReadStats {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /** Throws 403 without `system.read`. */
  async execute(actor: UserActor): Promise<Stats> {
    requirePermission(actor, 'system.read');
    const { reads, sessions, adapters, clock } = this.#deps;
    const [counts, live] = await Promise.all([reads.statistics.count(), sessions.count(clock.now())]);
    return { counts: { ...counts, sessions: live }, adapters };
  }
}
