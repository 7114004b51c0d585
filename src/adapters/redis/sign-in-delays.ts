/** The counters of failed sign-ins that several processes share. */
import type { SignInDelays, SignInSubject } from '#application/identity/ports.ts';
import { FAILURES_KEPT_MS, FIRST_DELAY_MS, FREE_FAILURES, LONGEST_DELAY_MS } from '#domain/identity/sign-in-delay.ts';
import { unlessAway } from './failures.ts';
import { keys } from './keys.ts';
import type { RedisCalls } from './link.ts';
import { readScript } from './scripts.ts';

const signInDelay = readScript('sign-in-delay');
const forgetFailures = readScript('forget-failures', { changes: true });

type Deps = Readonly<{
  redis: RedisCalls;
  /** Counts in this process alone, for as long as Redis is away. */
  meanwhile: SignInDelays;
}>;

/** Guessing is slowed down without Redis too; what was counted in the one place does not count in the other. */
export class RedisSignInDelays implements SignInDelays {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  async waitMs(subject: SignInSubject, now: Date): Promise<number> {
    return (await this.#delayMs(subject, now, false)) ?? this.#deps.meanwhile.waitMs(subject, now);
  }

  async attempt(subject: SignInSubject, now: Date): Promise<number> {
    return (await this.#delayMs(subject, now, true)) ?? this.#deps.meanwhile.attempt(subject, now);
  }

  async succeeded(accounts: readonly string[], address: string | null): Promise<void> {
    await this.#deps.meanwhile.succeeded(accounts, address);
    // Who has proved themselves is let in whether or not it can be recorded.
    await unlessAway(this.#forget(accounts, address));
  }

  async unlock(accounts: readonly string[]): Promise<void> {
    await this.#deps.meanwhile.unlock(accounts);
    await this.#forget(accounts, null);
  }

  async #delayMs({ account, address }: SignInSubject, now: Date, counts: boolean): Promise<number | undefined> {
    const counters = [keys.delay('account', account), ...addressKeys(address)];
    const rules = [FIRST_DELAY_MS, LONGEST_DELAY_MS, FAILURES_KEPT_MS, FREE_FAILURES.account, FREE_FAILURES.address];
    const values = [now.getTime(), counts ? 1 : 0, ...rules].map(String);
    const waitMs = await unlessAway(this.#deps.redis.run<string>(signInDelay, counters, values));
    return waitMs === undefined ? undefined : Number(waitMs);
  }

  async #forget(accounts: readonly string[], address: string | null): Promise<void> {
    const counters = [...accounts.map((account) => keys.delay('account', account)), ...addressKeys(address)];
    await this.#deps.redis.run(forgetFailures, counters, [address === null ? '0' : '1']);
  }
}

function addressKeys(address: string | null): readonly string[] {
  return address === null ? [] : [keys.delay('address', address)];
}
