/** What was refused or failed, told to the audit afterwards: a bounded number a minute, and then how many were left out. */
import { SYSTEM } from '#domain/shared/actor.ts';
import type { AuditEntries, AuditEntry, AuditLog } from '../shared/audit-log.ts';
import type { Clock } from '../shared/clock.ts';
import type { UnitOfWork } from '../shared/unit-of-work.ts';

/** More than people cause, and far less than fills a disk. */
const PER_MINUTE = 120;
const MINUTE_MS = 60_000;

type Deps = Readonly<{ unitOfWork: UnitOfWork<{ audit: AuditLog }>; audit: AuditEntries; clock: Clock }>;

export class AuditQueue {
  readonly #deps: Deps;
  #noted: AuditEntry[] = [];
  #minuteBegan = 0;
  #taken = 0;
  #leftOut = 0;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /** Returns at once; `flush` writes. Beyond the bound of a minute the entry is only counted. */
  enqueue(entry: AuditEntry): void {
    this.#beginMinute(this.#deps.clock.now());
    if (this.#taken < PER_MINUTE) {
      this.#taken += 1;
      this.#noted.push(entry);
    } else {
      this.#leftOut += 1;
    }
  }

  /** Writes what was noted, in one unit of work. What cannot be written now is written by a later call. */
  async flush(): Promise<void> {
    this.#beginMinute(this.#deps.clock.now());
    const entries = this.#noted;
    if (entries.length === 0) return;
    this.#noted = [];
    try {
      await this.#deps.unitOfWork.run(async ({ audit }) => {
        for (const entry of entries) await audit.add(entry);
      });
    } catch (error) {
      this.#noted = [...entries, ...this.#noted].slice(0, PER_MINUTE);
      throw error;
    }
  }

  /** Writes everything, also how many were left out in a minute that is not over. */
  async close(): Promise<void> {
    this.#tellLeftOut();
    await this.flush();
  }

  #beginMinute(now: Date): void {
    if (now.getTime() - this.#minuteBegan < MINUTE_MS) return;
    this.#tellLeftOut();
    this.#minuteBegan = now.getTime();
    this.#taken = 0;
  }

  #tellLeftOut(): void {
    if (this.#leftOut === 0) return;
    const after = { leftOut: this.#leftOut };
    this.#noted.push(
      this.#deps.audit.by(SYSTEM, { action: 'audit.leave_out', subject: null, outcome: 'refused', after }),
    );
    this.#leftOut = 0;
  }
}
