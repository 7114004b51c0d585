/** One OpenID Connect provider: discovered on first use, and called with a time limit. */
import {
  allowInsecureRequests,
  authorizationCodeGrant,
  buildAuthorizationUrl,
  ClientSecretBasic,
  ClientSecretPost,
  Configuration,
  calculatePKCECodeChallenge,
  discovery,
  enableNonRepudiationChecks,
  fetchUserInfo,
  randomNonce,
  randomPKCECodeVerifier,
  randomState,
  refreshTokenGrant,
  type ServerMetadata,
} from 'openid-client';
import type { OauthChecks, OauthIdentity, RefreshOutcome } from '#application/identity/oauth/ports.ts';
import type { Clock } from '#application/shared/clock.ts';
import { isSubject, profileFrom } from './claims.ts';
import { isInvalidGrant, mapError, unavailable } from './failures.ts';
import { isLoopback, OFFLINE_PARAMETERS, type ProviderSettings } from './provider-settings.ts';

/** Metadata are cached for an hour: they rarely change, and providers keep old endpoints working for a while. */
const METADATA_TTL_MS = 3_600_000;

type Discovered = Readonly<{ metadata: Promise<ServerMetadata>; untilMs: number }>;

/** Uses the authorization code flow with PKCE, state and nonce. Promises are those of the `OauthProviders` port. */
export class OpenIdProvider {
  readonly #settings: ProviderSettings;
  readonly #timeoutMs: number;
  readonly #offline: boolean;
  readonly #clock: Clock;
  #discovered: Discovered | undefined;

  /**
   * `timeoutMs` is per request. A sign-in makes at most four: metadata, token, keys and user info. `offline`: whether
   * refresh tokens are asked for, and taken.
   */
  constructor(deps: Readonly<{ settings: ProviderSettings; timeoutMs: number; offline: boolean; clock: Clock }>) {
    this.#settings = deps.settings;
    this.#timeoutMs = deps.timeoutMs;
    this.#offline = deps.offline;
    this.#clock = deps.clock;
  }

  get issuer(): string {
    return this.#settings.issuer;
  }

  /** Throws 503 `oauth_provider_unavailable` if the provider cannot be discovered, for whatever reason. */
  async begin(redirectUri: string): Promise<{ url: string; checks: OauthChecks }> {
    const configuration = await this.#configuration().catch((error: unknown) => {
      throw unavailable(error);
    });
    const checks = { state: randomState(), nonce: randomNonce(), codeVerifier: randomPKCECodeVerifier() };
    // Some issuers reject scopes that they do not know, so this one is requested only where it is announced.
    const announced = configuration.serverMetadata().scopes_supported?.includes('offline_access') === true;
    const url = authorizationUrl(configuration, {
      redirect_uri: redirectUri,
      scope: `openid email profile${this.#offline && announced ? ' offline_access' : ''}`,
      state: checks.state,
      nonce: checks.nonce,
      code_challenge: await calculatePKCECodeChallenge(checks.codeVerifier),
      code_challenge_method: 'S256',
      ...(this.#offline ? OFFLINE_PARAMETERS[this.issuer] : {}),
    });
    // An issuer that leads somewhere else than to the web would have the browser run what it says.
    if (url === null || !(url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(url)))) {
      throw unavailable(new Error('no authorization endpoint'));
    }
    return { url: url.href, checks };
  }

  complete(
    { redirectUri, query }: Readonly<{ redirectUri: string; query: Readonly<Record<string, string>> }>,
    checks: OauthChecks,
  ): Promise<OauthIdentity> {
    return this.#mapErrors(async () => {
      const configuration = await this.#configuration();
      const callback = new URL(`${redirectUri}?${new URLSearchParams(query)}`);
      const tokens = await authorizationCodeGrant(configuration, callback, {
        expectedState: checks.state,
        expectedNonce: checks.nonce,
        pkceCodeVerifier: checks.codeVerifier,
        idTokenExpected: true,
      });
      const claims = tokens.claims();
      if (claims === undefined || !isSubject(claims.sub)) throw new Error('unusable subject');
      const profile = await this.#profile(configuration, tokens.access_token, claims);
      const refreshToken = this.#offline ? (tokens.refresh_token ?? null) : null;
      return { issuer: claims.iss, subject: claims.sub, ...profile, refreshToken };
    });
  }

  async refresh(refreshToken: string): Promise<RefreshOutcome> {
    try {
      const configuration = await this.#configuration();
      const tokens = await refreshTokenGrant(configuration, refreshToken);
      return { did: 'refreshed', refreshToken: tokens.refresh_token ?? null };
    } catch (error) {
      if (isInvalidGrant(error)) return { did: 'invalid_grant' };
      throw mapError(error);
    }
  }

  /** E-mail address and name from the ID token or, if it has no address, from the user info endpoint. */
  async #profile(
    configuration: Configuration,
    accessToken: string,
    claims: Readonly<{ sub: string; email?: unknown }>,
  ) {
    const usesEndpoint = claims.email === undefined && configuration.serverMetadata().userinfo_endpoint !== undefined;
    return profileFrom(usesEndpoint ? await fetchUserInfo(configuration, accessToken, claims.sub) : claims);
  }

  async #mapErrors<T>(call: () => Promise<T>): Promise<T> {
    try {
      return await call();
    } catch (error) {
      throw mapError(error);
    }
  }

  /** Creates a configuration for each use, because it caches the provider's signing keys, which may be rotated. */
  async #configuration(): Promise<Configuration> {
    const { clientId, clientSecret } = this.#settings;
    const metadata = structuredClone(await this.#metadata());
    const methods = metadata.token_endpoint_auth_methods_supported ?? ['client_secret_basic'];
    // Basic is the default of the specification, and wins if the provider supports both.
    const basic = methods.includes('client_secret_basic') || !methods.includes('client_secret_post');
    const authentication = (basic ? ClientSecretBasic : ClientSecretPost)(clientSecret);
    const configuration = new Configuration(metadata, clientId, undefined, authentication);
    configuration.timeout = this.#timeoutMs / 1_000;
    // Verifies the signature of ID tokens, although they come straight from the provider.
    enableNonRepudiationChecks(configuration);
    if (this.#isLoopback()) allowInsecureRequests(configuration);
    return configuration;
  }

  /** Returns cached metadata. Concurrent callers share one request, and a failed request is not cached. */
  #metadata(): Promise<ServerMetadata> {
    const now = this.#clock.now().getTime();
    if (this.#discovered !== undefined && now < this.#discovered.untilMs) return this.#discovered.metadata;
    const metadata = this.#discover();
    const discovered = { metadata, untilMs: now + METADATA_TTL_MS };
    this.#discovered = discovered;
    metadata.catch(() => {
      if (this.#discovered === discovered) this.#discovered = undefined;
    });
    return metadata;
  }

  async #discover(): Promise<ServerMetadata> {
    const configuration = await discovery(new URL(this.issuer), this.#settings.clientId, undefined, undefined, {
      timeout: this.#timeoutMs / 1_000,
      execute: this.#isLoopback() ? [allowInsecureRequests] : [],
    });
    return { ...configuration.serverMetadata() };
  }

  #isLoopback(): boolean {
    return isLoopback(new URL(this.issuer));
  }
}

/** Where to send the browser; null where the issuer's metadata name no address. */
function authorizationUrl(configuration: Configuration, parameters: Record<string, string>): URL | null {
  try {
    return buildAuthorizationUrl(configuration, parameters);
  } catch {
    return null;
  }
}
