/** Rate limits, sign-in delays and failures to prove who one is: counted where they are decided. */
import type * as prom from 'prom-client';
import type { FailureLog, SignInDelays, SignInSubject } from '#application/identity/ports.ts';
import type { AuditEntry } from '#application/shared/audit-log.ts';
import type { RateCharge, RateDecision, RateLimitArea, RateLimiter } from '#application/shared/rate-limiter.ts';
import type { Instruments } from './instruments.ts';

const AREAS = ['anonymous', 'actor', 'sign_in'] as const satisfies (RateLimitArea | 'sign_in')[];

export class LimitMetrics {
  readonly #refusals: prom.Counter<'area'>;
  readonly #failures: prom.Counter<'action'>;

  constructor(instruments: Instruments) {
    this.#refusals = instruments.counter({
      name: 'tavernkeep_rate_limit_refusals_total',
      help: 'Requests over a limit: of an address (anonymous), of a user (actor), or to sign in (sign_in).',
      labels: ['area'],
      known: AREAS.map((area) => ({ area })),
    });
    this.#failures = instruments.counter({
      name: 'tavernkeep_authentication_failures_total',
      help: 'Passwords and sign-ins at providers that proved nothing, by the action of the audit.',
      labels: ['action'],
    });
  }

  refused(area: (typeof AREAS)[number]): void {
    this.#refusals.inc({ area });
  }

  failed({ action }: AuditEntry): void {
    this.#failures.inc({ action });
  }
}

export class MeasuredRateLimiter implements RateLimiter {
  readonly #limiter: RateLimiter;
  readonly #metrics: LimitMetrics;

  constructor(limiter: RateLimiter, metrics: LimitMetrics) {
    this.#limiter = limiter;
    this.#metrics = metrics;
  }

  async take(charges: readonly RateCharge[], now: Date): Promise<readonly RateDecision[]> {
    const decisions = await this.#limiter.take(charges, now);
    for (const [i, { area }] of charges.entries()) if (decisions[i]?.allowed === false) this.#metrics.refused(area);
    return decisions;
  }

  leaves(charge: RateCharge, now: Date): Promise<boolean> {
    return this.#limiter.leaves(charge, now);
  }
}

export class MeasuredSignInDelays implements SignInDelays {
  readonly #delays: SignInDelays;
  readonly #metrics: LimitMetrics;

  constructor(delays: SignInDelays, metrics: LimitMetrics) {
    this.#delays = delays;
    this.#metrics = metrics;
  }

  async waitMs(subject: SignInSubject, now: Date): Promise<number> {
    return this.#counted(await this.#delays.waitMs(subject, now));
  }

  async attempt(subject: SignInSubject, now: Date): Promise<number> {
    return this.#counted(await this.#delays.attempt(subject, now));
  }

  succeeded(accounts: readonly string[], address: string | null): Promise<void> {
    return this.#delays.succeeded(accounts, address);
  }

  unlock(accounts: readonly string[]): Promise<void> {
    return this.#delays.unlock(accounts);
  }

  #counted(waitMs: number): number {
    if (waitMs > 0) this.#metrics.refused('sign_in');
    return waitMs;
  }
}

export class MeasuredFailureLog implements FailureLog {
  readonly #log: FailureLog;
  readonly #metrics: LimitMetrics;

  constructor(log: FailureLog, metrics: LimitMetrics) {
    this.#log = log;
    this.#metrics = metrics;
  }

  enqueue(entry: AuditEntry): void {
    this.#metrics.failed(entry);
    this.#log.enqueue(entry);
  }
}
