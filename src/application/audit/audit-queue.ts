/** Queues audit entries of refusals and failures, which have no unit of work, at a bounded number per minute. */
import { SYSTEM } from '#domain/shared/actor.ts';
import type { AuditEntries, AuditEntry, AuditLog } from '../shared/audit-log.ts';
import type { Clock } from '../shared/clock.ts';
import type { UnitOfWork } from '../shared/unit-of-work.ts';

/** More than ordinary use causes, and far too few to fill a disk. */
const MAX_PER_MINUTE = 120;
const MINUTE_MS = 60_000;

type Deps = Readonly<{ unitOfWork: UnitOfWork<{ audit: AuditLog }>; audit: AuditEntries; clock: Clock }>;

/**
 * A queue in memory: a killed process loses what was not flushed. When a minute with dropped entries ends, one more
 * entry (`audit.leave_out`) records their number.
 */
export class AuditQueue {
  readonly #deps: Deps;
  #pending: AuditEntry[] = [];
  #minuteStartMs = 0;
  #accepted = 0;
  #dropped = 0;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /** Queues an entry for `flush`; never waits or throws. Beyond the limit of a minute the entry is only counted. */
  enqueue(entry: AuditEntry): void {
    this.#beginMinute(this.#deps.clock.now());
    if (this.#accepted < MAX_PER_MINUTE) {
      this.#accepted += 1;
      this.#pending.push(entry);
    } else {
      this.#dropped += 1;
    }
  }

  /**
   * Writes the queued entries in one unit of work. If that fails it throws, and queues the oldest `MAX_PER_MINUTE`
   * entries again for a later call; any others are lost and not counted.
   */
  async flush(): Promise<void> {
    this.#beginMinute(this.#deps.clock.now());
    const entries = this.#pending;
    if (entries.length === 0) return;
    this.#pending = [];
    try {
      await this.#deps.unitOfWork.run(async ({ audit }) => {
        for (const entry of entries) await audit.add(entry);
      });
    } catch (error) {
      this.#pending = [...entries, ...this.#pending].slice(0, MAX_PER_MINUTE);
      throw error;
    }
  }

  /** Writes everything, including the number of entries dropped in the current minute. Throws as `flush` does. */
  async close(): Promise<void> {
    this.#reportDropped();
    await this.flush();
  }

  /** Starts a new minute if the current one has passed. Minutes start with activity, not on the clock. */
  #beginMinute(now: Date): void {
    if (now.getTime() - this.#minuteStartMs < MINUTE_MS) return;
    this.#reportDropped();
    this.#minuteStartMs = now.getTime();
    this.#accepted = 0;
  }

  #reportDropped(): void {
    if (this.#dropped === 0) return;
    const after = { left_out: this.#dropped };
    this.#pending.push(
      this.#deps.audit.by(SYSTEM, { action: 'audit.leave_out', subject: null, outcome: 'refused', after }),
    );
    this.#dropped = 0;
  }
}
