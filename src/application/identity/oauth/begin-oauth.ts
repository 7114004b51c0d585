/** Begins a sign-in through a provider, or the linking of an account there. */
import type { UserActor } from '#domain/shared/actor.ts';
import type { OauthFlows } from './oauth-flows.ts';
import type { OauthProviders } from './ports.ts';

type Deps = Readonly<{ providers: OauthProviders; flows: OauthFlows }>;

export type BeginOauthInput = Readonly<{ provider: string; redirectUri: string }>;

/** `secret` is for the browser that began the flow, and comes back from it alone. */
export type BegunOauth = Readonly<{ url: string; secret: string; expiresAt: Date }>;

export class BeginOauth {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /** Links where the actor has a session. Throws 404 `oauth_provider_not_found`, 503 `oauth_provider_unavailable`. */
  async execute(actor: UserActor | null, { provider, redirectUri }: BeginOauthInput): Promise<BegunOauth> {
    const { url, checks } = await this.#deps.providers.begin(provider, redirectUri);
    const linkTo = actor !== null && actor.sessionId !== null ? actor.userId : null;
    return { url, ...this.#deps.flows.seal({ provider, redirectUri, checks, linkTo }) };
  }
}
