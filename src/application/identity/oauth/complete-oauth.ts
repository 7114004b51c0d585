/** Completes a sign-in through a provider, or the linking of an account, with what the browser brought back. */

import type { AuditEntries } from '#application/shared/audit-log.ts';
import { identityErrors } from '#domain/identity/errors.ts';
import type { Origin, UserActor } from '#domain/shared/actor.ts';
import { DomainError } from '#domain/shared/domain-error.ts';
import type { FailureLog } from '../ports.ts';
import type { SessionStarter, SignedIn } from '../sessions/session-starter.ts';
import type { OauthFlow, OauthFlows } from './oauth-flows.ts';
import type { OauthSignIn } from './oauth-sign-in.ts';
import type { OauthIdentity, OauthProviders } from './ports.ts';

type Deps = Readonly<{
  providers: OauthProviders;
  flows: OauthFlows;
  oauthSignIn: OauthSignIn;
  sessionStarter: SessionStarter;
  failures: FailureLog;
  audit: AuditEntries;
}>;

export type CompleteOauthInput = Readonly<{
  provider: string;
  /** What `BeginOauth` gave the browser; null where it brings nothing. */
  secret: string | null;
  /** What the provider sent along. */
  query: Readonly<Record<string, string>>;
  origin: Origin;
  userAgent: string | null;
  /** The secret of the session that the request came with; a sign-in ends it. */
  presentedSecret: string | null;
}>;

export class CompleteOauth {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /**
   * The new session; null where an account was linked. Throws 404 `oauth_provider_not_found`; 400 `oauth_flow_invalid`,
   * also where the flow would link and another user, or nobody, is signed in by now; 401 `oauth_failed`, or
   * `sign_in_failed` for a user who may not; 403 `registration_closed`, `oauth_email_missing`; 409
   * `oauth_account_taken`, `oauth_accounts_full`, `email_taken`; 503 `oauth_provider_unavailable`.
   */
  async execute(actor: UserActor | null, input: CompleteOauthInput): Promise<SignedIn | null> {
    const { providers, flows, oauthSignIn, sessionStarter } = this.#deps;
    const { provider, origin } = input;
    providers.require(provider);
    const flow = flows.open(input.secret, provider, input.query.state);
    const linking = flow.linkTo !== null;
    if (linking && (actor === null || actor.sessionId === null || actor.userId !== flow.linkTo)) {
      throw identityErrors.oauthFlowInvalid();
    }
    const proved = { provider, identity: await this.#identityOf(flow, input), origin };
    if (linking && actor !== null) {
      await oauthSignIn.link(actor, proved);
      return null;
    }
    const { user, oauthAccountId } = await oauthSignIn.signIn(proved);
    if (user.status !== 'active') throw this.#failed(input, identityErrors.signInFailed(), `user:${user.id}`);
    const { userAgent, presentedSecret } = input;
    return sessionStarter.start(user, { origin, userAgent, presentedSecret, through: provider, oauthAccountId });
  }

  async #identityOf(flow: OauthFlow, input: CompleteOauthInput): Promise<OauthIdentity> {
    const { redirectUri, checks } = flow;
    try {
      return await this.#deps.providers.complete(flow.provider, { redirectUri, query: input.query }, checks);
    } catch (error) {
      if (error instanceof DomainError && error.kind === 'unavailable') this.#deps.flows.release(flow);
      if (error instanceof DomainError && error.kind === 'unauthenticated') throw this.#failed(input, error, null);
      throw error;
    }
  }

  #failed({ provider, origin }: CompleteOauthInput, error: DomainError, subject: string | null): DomainError {
    const { audit, failures } = this.#deps;
    const reason = error.cause instanceof Error ? error.cause.message : error.code;
    failures.enqueue(
      audit.anonymous(origin, { action: 'users.sign_in', subject, outcome: 'failed', after: { provider, reason } }),
    );
    return error;
  }
}
