/** Asks providers, from time to time, whether the accounts that are linked here are still good. */
import type { Clock } from '#application/shared/clock.ts';
import type { OauthAccounts, OauthProviders } from './ports.ts';
import type { RefreshOauthAccount } from './refresh-oauth-account.ts';

type Deps = Readonly<{
  reads: Readonly<{ oauthAccounts: Pick<OauthAccounts, 'listDue'> }>;
  providers: Pick<OauthProviders, 'list'>;
  refreshOauthAccount: Pick<RefreshOauthAccount, 'execute'>;
  clock: Clock;
  /** How long after it was last tried an account is due, in milliseconds; 0: never. */
  recheckMs: number;
}>;

/** As many are rechecked at a time, one after the other. */
const PAGE = 50;
/** How long a provider that is away is left alone, in milliseconds: at first, doubling, at most. */
const PAUSE_MS = { first: 60_000, longest: 3_600_000 };

type Pause = Readonly<{ startedAt: Date; ms: number }>;

export class RecheckOauthAccounts {
  readonly #deps: Deps;
  /** The providers that were away when they were last asked. */
  readonly #pauses = new Map<string, Pause>();

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /**
   * Rechecks at most one page of the accounts that are due, or fewer once `closing` is aborted. An account whose
   * provider is away stays due; the provider's other accounts wait too. Throws the first failure, after the whole page.
   */
  async execute(closing: AbortSignal): Promise<void> {
    const { reads, refreshOauthAccount, recheckMs } = this.#deps;
    const now = this.#deps.clock.now();
    const names = this.#deps.providers.list().map(({ name }) => name);
    const providers = names.filter((name) => !this.#isPaused(name, now));
    if (recheckMs === 0 || providers.length === 0) return;
    const before = new Date(now.getTime() - recheckMs);
    const failures: unknown[] = [];
    for (const { id, provider } of await reads.oauthAccounts.listDue({ providers, before, now }, PAGE)) {
      if (closing.aborted) break;
      if (this.#isPaused(provider, now)) continue;
      const outcome = await refreshOauthAccount.execute(id);
      if (outcome.did === 'away') this.#pause(provider, now);
      else this.#pauses.delete(provider);
      if ('error' in outcome) failures.push(outcome.error);
    }
    if (failures.length > 0) throw failures[0];
  }

  /** No longer than the pause, wherever the clock stood when it began. */
  #isPaused(provider: string, now: Date): boolean {
    const pause = this.#pauses.get(provider);
    if (pause === undefined) return false;
    const passedMs = now.getTime() - pause.startedAt.getTime();
    return passedMs >= 0 && passedMs < pause.ms;
  }

  #pause(provider: string, now: Date): void {
    const longer = (this.#pauses.get(provider)?.ms ?? PAUSE_MS.first / 2) * 2;
    this.#pauses.set(provider, { startedAt: now, ms: Math.min(PAUSE_MS.longest, longer) });
  }
}
