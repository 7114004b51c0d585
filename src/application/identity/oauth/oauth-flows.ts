/**
 * A sign-in through a provider while it is under way: kept by the browser that began it, sealed so that it can only
 * bring it back.
 */

import type { Cipher } from '#application/shared/cipher.ts';
import type { Clock } from '#application/shared/clock.ts';
import { identityErrors } from '#domain/identity/errors.ts';
import type { UserId } from '#domain/shared/ids.ts';
import type { OauthChecks } from './ports.ts';

/** As long as somebody may take to sign in at the provider. */
const FLOW_MS = 10 * 60_000;
/** How many used flows are remembered; more within ten minutes are not expected. */
const USED_MAX = 10_000;

export type OauthFlow = Readonly<{
  provider: string;
  redirectUri: string;
  checks: OauthChecks;
  /** Who was signed in when the flow began, and will own the account; null for a sign-in. */
  linkTo: UserId | null;
}>;

type Sealed = OauthFlow & Readonly<{ expiresAt: number }>;

export class OauthFlows {
  readonly #deps: Readonly<{ cipher: Cipher; clock: Clock }>;
  /** When the flows that were used here expire, by their states, the first used first. */
  readonly #used = new Map<string, number>();

  constructor(deps: Readonly<{ cipher: Cipher; clock: Clock }>) {
    this.#deps = deps;
  }

  seal(flow: OauthFlow): Readonly<{ secret: string; expiresAt: Date }> {
    const expiresAt = this.#deps.clock.now().getTime() + FLOW_MS;
    const sealed: Sealed = { ...flow, expiresAt };
    return { secret: this.#deps.cipher.encrypt(JSON.stringify(sealed)), expiresAt: new Date(expiresAt) };
  }

  /**
   * The flow that a browser brought back, which must be one of this provider with this state. It is used by this, once
   * in this process: whoever saw the way back cannot go it again. Throws 400 `oauth_flow_invalid` for whatever else it
   * brings, or nothing.
   */
  open(secret: string | null, provider: string, state: string | undefined): OauthFlow {
    const flow = this.#unsealed(secret);
    const now = this.#deps.clock.now().getTime();
    if (flow === undefined || flow.provider !== provider || flow.checks.state !== state || flow.expiresAt <= now) {
      throw identityErrors.oauthFlowInvalid();
    }
    this.#use(flow, now);
    return flow;
  }

  /** Lets a flow be used again, because its provider could not be asked. */
  release(flow: OauthFlow): void {
    this.#used.delete(flow.checks.state);
  }

  #use({ checks, expiresAt }: Sealed, now: number): void {
    if (this.#used.has(checks.state)) throw identityErrors.oauthFlowInvalid();
    for (const [state, ends] of this.#used) {
      if (ends > now && this.#used.size < USED_MAX) break;
      this.#used.delete(state);
    }
    this.#used.set(checks.state, expiresAt);
  }

  #unsealed(secret: string | null): Sealed | undefined {
    try {
      // Only we can have sealed it, so it has the form that we gave it.
      return secret === null ? undefined : (JSON.parse(this.#deps.cipher.decrypt(secret)) as Sealed);
    } catch {
      return undefined;
    }
  }
}
