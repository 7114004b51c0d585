/** The configured OpenID Connect providers, by name. */
import type {
  OauthChecks,
  OauthIdentity,
  OauthProviders,
  RefreshOutcome,
  ShownProvider,
} from '#application/identity/oauth/ports.ts';
import type { Clock } from '#application/shared/clock.ts';
import { identityErrors } from '#domain/identity/errors.ts';
import type { OpenIdProvider } from './provider.ts';
import type { ProviderSettings } from './provider-settings.ts';

type Deps = Readonly<{
  settings: readonly ProviderSettings[];
  timeoutMs: number;
  /** Whether refresh tokens are asked for, and taken where they come. */
  offline: boolean;
  clock: Clock;
}>;

export class OpenIdProviders implements OauthProviders {
  readonly #deps: Deps;
  /** Providers that were used so far. Their promises are stored, so that concurrent first uses share one. */
  readonly #opened = new Map<string, Promise<OpenIdProvider>>();

  /** Makes no request, and loads no OpenID Connect code, before the first sign-in. */
  constructor(deps: Deps) {
    this.#deps = deps;
  }

  list(): readonly ShownProvider[] {
    return this.#deps.settings.map(({ name }) => ({ name, label: labelOf(name) })).sort(byName);
  }

  require(provider: string): void {
    this.#settingsOf(provider);
  }

  serves(issuer: string): boolean {
    const { href } = new URL(issuer);
    return this.#deps.settings.some((settings) => new URL(settings.issuer).href === href);
  }

  async begin(provider: string, redirectUri: string): Promise<{ url: string; checks: OauthChecks }> {
    return (await this.#get(provider)).begin(redirectUri);
  }

  async complete(
    provider: string,
    returned: Readonly<{ redirectUri: string; query: Readonly<Record<string, string>> }>,
    checks: OauthChecks,
  ): Promise<OauthIdentity> {
    return (await this.#get(provider)).complete(returned, checks);
  }

  async refresh(provider: string, refreshToken: string): Promise<RefreshOutcome> {
    return (await this.#get(provider)).refresh(refreshToken);
  }

  #get(name: string): Promise<OpenIdProvider> {
    let provider = this.#opened.get(name);
    if (provider === undefined) {
      provider = this.#open(this.#settingsOf(name));
      this.#opened.set(name, provider);
    }
    return provider;
  }

  async #open(settings: ProviderSettings): Promise<OpenIdProvider> {
    const { OpenIdProvider } = await import('./provider.ts');
    const { timeoutMs, offline, clock } = this.#deps;
    return new OpenIdProvider({ settings, timeoutMs, offline, clock });
  }

  #settingsOf(name: string): ProviderSettings {
    const settings = this.#deps.settings.find((one) => one.name === name);
    if (settings === undefined) throw identityErrors.oauthProviderNotFound();
    return settings;
  }
}

/** The words of a name, each with a capital: `my-guild` is `My Guild`. */
function labelOf(name: string): string {
  return name
    .split('-')
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join(' ');
}

function byName(one: ShownProvider, other: ShownProvider): number {
  return one.name < other.name ? -1 : 1;
}
