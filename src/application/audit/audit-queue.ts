/** Queues audit entries of refusals and failures, which have no unit of work, at a bounded number per minute. */
import { SYSTEM } from '#domain/shared/actor.ts';
import { addressKey } from '#domain/shared/address-key.ts';
import type { AuditEntries, AuditEntry, AuditLog } from '../shared/audit-log.ts';
import type { Clock } from '../shared/clock.ts';
import type { UnitOfWork } from '../shared/unit-of-work.ts';
import { type BudgetLimits, MinuteBudget } from './minute-budget.ts';

/**
 * More than ordinary use causes, and far too few to fill a disk. A kind has a budget of its own, and within it each
 * actor or address a share, so that nobody can hide another's refusals behind a flood of their own.
 */
const LIMITS = {
  /** Of signed-in actors, by actor. */
  actor: { perKey: 30, inAll: 120 },
  /** Sign-ins that failed, by address. */
  sign_in: { perKey: 20, inAll: 120 },
  /** Of nobody who is signed in, by address. Whoever has a network can cause them at will, so these are samples. */
  anonymous: { perKey: 1, inAll: 10 },
} as const satisfies Readonly<Record<string, BudgetLimits>>;

type Kind = keyof typeof LIMITS;

/** While the store is away, no more entries than this wait for it. */
const MAX_PENDING = 500;

type Deps = Readonly<{ unitOfWork: UnitOfWork<{ audit: AuditLog }>; audit: AuditEntries; clock: Clock }>;

/**
 * A queue in memory: a killed process loses what was not flushed. What a minute had beyond the limits of a kind is
 * counted, and becomes one entry (`audit.leave_out`) once the minute is over.
 */
export class AuditQueue {
  readonly #deps: Deps;
  readonly #budgets = {
    actor: new MinuteBudget(LIMITS.actor),
    sign_in: new MinuteBudget(LIMITS.sign_in),
    anonymous: new MinuteBudget(LIMITS.anonymous),
  };
  #pending: AuditEntry[] = [];

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /** Queues an entry for `flush`; never waits or throws. Beyond the limits the entry is only counted. */
  enqueue(entry: AuditEntry): void {
    const budget = this.#budgets[kindOf(entry)];
    const taken = budget.take(entry.actorId ?? addressKey(entry.ip), this.#deps.clock.now());
    if (taken && this.#pending.length < MAX_PENDING) this.#pending.push(entry);
    else budget.leaveOut(1);
  }

  /**
   * Writes the queued entries, and the numbers of those left out in minutes that are over, in one unit of work. If that
   * fails it throws, and retains all of it for a later call: of the entries the oldest `MAX_PENDING`, of the others
   * their number.
   */
  flush(): Promise<void> {
    return this.#write(false);
  }

  /** Writes everything, including the numbers of entries left out in the current minute. Throws as `flush` does. */
  close(): Promise<void> {
    return this.#write(true);
  }

  async #write(all: boolean): Promise<void> {
    const { unitOfWork, clock } = this.#deps;
    const now = clock.now();
    const counts = Object.entries(this.#budgets)
      .map(([kind, budget]) => ({ kind, budget, leftOut: budget.drainLeftOut(now, all) }))
      .filter(({ leftOut }) => leftOut > 0);
    const entries = this.#pending;
    if (entries.length === 0 && counts.length === 0) return;
    const told = counts.map(({ kind, leftOut }) => this.#toldOf(kind, leftOut));
    this.#pending = [];
    try {
      await unitOfWork.run(async ({ audit }) => {
        for (const entry of [...entries, ...told]) await audit.add(entry);
      });
    } catch (error) {
      this.#retain(entries);
      for (const { budget, leftOut } of counts) budget.restore(leftOut);
      throw error;
    }
  }

  #toldOf(kind: string, left_out: number): AuditEntry {
    const after = { kind, left_out };
    return this.#deps.audit.by(SYSTEM, { action: 'audit.leave_out', subject: null, outcome: 'refused', after });
  }

  #retain(entries: readonly AuditEntry[]): void {
    const all = [...entries, ...this.#pending];
    this.#pending = all.slice(0, MAX_PENDING);
    for (const entry of all.slice(MAX_PENDING)) this.#budgets[kindOf(entry)].leaveOut(1);
  }
}

function kindOf({ action, actorKind }: AuditEntry): Kind {
  if (actorKind !== 'anonymous') return 'actor';
  return action === 'users.sign_in' ? 'sign_in' : 'anonymous';
}
