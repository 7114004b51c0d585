/** The providers of OpenID Connect that are configured. */
import type { OauthChecks, OauthIdentity, OauthProviders, RefreshOutcome } from '#application/identity/oauth-ports.ts';
import type { Clock } from '#application/shared/clock.ts';
import { identityErrors } from '#domain/identity/errors.ts';
import { OpenIdProvider } from './provider.ts';
import type { ProviderSettings } from './provider-settings.ts';

export class OpenIdProviders implements OauthProviders {
  readonly #providers: ReadonlyMap<string, OpenIdProvider>;

  /** Nobody is asked before somebody wants to sign in. */
  constructor(deps: Readonly<{ settings: readonly ProviderSettings[]; timeoutMs: number; clock: Clock }>) {
    const { timeoutMs, clock } = deps;
    this.#providers = new Map(
      deps.settings.map((settings) => [settings.name, new OpenIdProvider({ settings, timeoutMs, clock })]),
    );
  }

  require(provider: string): void {
    this.#get(provider);
  }

  serves(issuer: string): boolean {
    const { href } = new URL(issuer);
    return [...this.#providers.values()].some((provider) => new URL(provider.issuer).href === href);
  }

  async begin(provider: string, redirectUri: string): Promise<{ url: string; checks: OauthChecks }> {
    return this.#get(provider).begin(redirectUri);
  }

  async complete(
    provider: string,
    returned: Readonly<{ redirectUri: string; query: Readonly<Record<string, string>> }>,
    checks: OauthChecks,
  ): Promise<OauthIdentity> {
    return this.#get(provider).complete(returned, checks);
  }

  async refresh(provider: string, refreshToken: string): Promise<RefreshOutcome> {
    return this.#get(provider).refresh(refreshToken);
  }

  #get(name: string): OpenIdProvider {
    const provider = this.#providers.get(name);
    if (provider === undefined) throw identityErrors.oauthProviderNotFound();
    return provider;
  }
}
