/** One provider of OpenID Connect: discovered when it is first needed, and asked with a deadline. */
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
import { isInvalidGrant, mapError, unavailable } from './failures.ts';
import { EXTRA_PARAMETERS, isLoopback, type ProviderSettings } from './provider-settings.ts';

/** Metadata hardly ever change, and then stay good for a while. */
const METADATA_MS = 3_600_000;
const SUBJECT_MAX_CHARS = 255;

type Discovered = Readonly<{ metadata: Promise<ServerMetadata>; untilMs: number }>;

export class OpenIdProvider {
  readonly #settings: ProviderSettings;
  readonly #timeoutMs: number;
  readonly #clock: Clock;
  #discovered: Discovered | undefined;

  /** `timeoutMs` is per request; a whole sign-in makes at most four. */
  constructor(deps: Readonly<{ settings: ProviderSettings; timeoutMs: number; clock: Clock }>) {
    this.#settings = deps.settings;
    this.#timeoutMs = deps.timeoutMs;
    this.#clock = deps.clock;
  }

  get issuer(): string {
    return this.#settings.issuer;
  }

  async begin(redirectUri: string): Promise<{ url: string; checks: OauthChecks }> {
    const configuration = await this.#configuration().catch((error: unknown) => {
      throw unavailable(error);
    });
    const checks = { state: randomState(), nonce: randomNonce(), codeVerifier: randomPKCECodeVerifier() };
    const offline = configuration.serverMetadata().scopes_supported?.includes('offline_access') === true;
    const url = buildAuthorizationUrl(configuration, {
      redirect_uri: redirectUri,
      scope: `openid email profile${offline ? ' offline_access' : ''}`,
      state: checks.state,
      nonce: checks.nonce,
      code_challenge: await calculatePKCECodeChallenge(checks.codeVerifier),
      code_challenge_method: 'S256',
      ...EXTRA_PARAMETERS[this.issuer],
    });
    return { url: url.href, checks };
  }

  complete(
    { redirectUri, query }: Readonly<{ redirectUri: string; query: Readonly<Record<string, string>> }>,
    checks: OauthChecks,
  ): Promise<OauthIdentity> {
    return this.#asking(async () => {
      const configuration = await this.#configuration();
      const returned = new URL(`${redirectUri}?${new URLSearchParams(query)}`);
      const tokens = await authorizationCodeGrant(configuration, returned, {
        expectedState: checks.state,
        expectedNonce: checks.nonce,
        pkceCodeVerifier: checks.codeVerifier,
        idTokenExpected: true,
      });
      const claims = tokens.claims();
      if (claims === undefined || claims.sub.length > SUBJECT_MAX_CHARS) throw new Error('unusable subject');
      const told = await this.#told(configuration, tokens.access_token, claims);
      return { issuer: claims.iss, subject: claims.sub, ...told, refreshToken: tokens.refresh_token ?? null };
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

  /** E-mail and name: of the ID token, or where it has none, of the provider's user info. */
  async #told(configuration: Configuration, accessToken: string, claims: Readonly<{ sub: string; email?: unknown }>) {
    const elsewhere = claims.email === undefined && configuration.serverMetadata().userinfo_endpoint !== undefined;
    return toldBy(elsewhere ? await fetchUserInfo(configuration, accessToken, claims.sub) : claims);
  }

  async #asking<T>(ask: () => Promise<T>): Promise<T> {
    try {
      return await ask();
    } catch (error) {
      throw mapError(error);
    }
  }

  /** A new one for each use: it remembers signing keys, and a provider may have changed them since. */
  async #configuration(): Promise<Configuration> {
    const { clientId, clientSecret } = this.#settings;
    const metadata = structuredClone(await this.#metadata());
    const methods = metadata.token_endpoint_auth_methods_supported ?? ['client_secret_basic'];
    const basic = methods.includes('client_secret_basic') || !methods.includes('client_secret_post');
    const authentication = (basic ? ClientSecretBasic : ClientSecretPost)(clientSecret);
    const configuration = new Configuration(metadata, clientId, undefined, authentication);
    configuration.timeout = this.#timeoutMs / 1_000;
    enableNonRepudiationChecks(configuration);
    if (this.#isLoopback()) allowInsecureRequests(configuration);
    return configuration;
  }

  /** Asked for once however many need it; a failure is not remembered. */
  #metadata(): Promise<ServerMetadata> {
    const now = this.#clock.now().getTime();
    if (this.#discovered !== undefined && now < this.#discovered.untilMs) return this.#discovered.metadata;
    const metadata = this.#discover();
    const discovered = { metadata, untilMs: now + METADATA_MS };
    this.#discovered = discovered;
    metadata.catch(() => {
      if (this.#discovered === discovered) this.#discovered = undefined;
    });
    return metadata;
  }

  async #discover(): Promise<ServerMetadata> {
    const found = await discovery(new URL(this.issuer), this.#settings.clientId, undefined, undefined, {
      timeout: this.#timeoutMs / 1_000,
      execute: this.#isLoopback() ? [allowInsecureRequests] : [],
    });
    return { ...found.serverMetadata() };
  }

  #isLoopback(): boolean {
    return isLoopback(new URL(this.issuer));
  }
}

function toldBy(claims: Readonly<Record<string, unknown>>): Pick<OauthIdentity, 'email' | 'emailVerified' | 'name'> {
  const { email, email_verified: verified, name } = claims;
  return {
    email: typeof email === 'string' && email.includes('@') && email.length <= 254 ? email : null,
    // Some issuers write it as text.
    emailVerified: verified === true || verified === 'true' ? true : verified === undefined ? null : false,
    name: typeof name === 'string' ? name : null,
  };
}
