/** Uses the grant that came with a linked account, and notices when the provider has taken it back. */
import type { AuditEntries, AuditLog } from '#application/shared/audit-log.ts';
import type { Cipher } from '#application/shared/cipher.ts';
import type { Clock } from '#application/shared/clock.ts';
import type { Leases } from '#application/shared/leases.ts';
import type { KeyedMutex } from '#application/shared/turns/keyed-mutex.ts';
import type { UnitOfWork } from '#application/shared/unit-of-work.ts';
import { oauthAccountFacts } from '#domain/identity/audit-facts.ts';
import { identityErrors } from '#domain/identity/errors.ts';
import { broken, type OauthAccount, rechecked } from '#domain/identity/oauth-account.ts';
import { SYSTEM } from '#domain/shared/actor.ts';
import { DomainError } from '#domain/shared/domain-error.ts';
import type { OauthAccountId } from '#domain/shared/ids.ts';
import type { Sessions } from '../ports.ts';
import type { OauthAccounts, OauthProviders, RefreshOutcome } from './ports.ts';

type Deps = Readonly<{
  reads: Readonly<{ oauthAccounts: Pick<OauthAccounts, 'find'> }>;
  unitOfWork: UnitOfWork<{ oauthAccounts: OauthAccounts; audit: AuditLog }>;
  sessions: Pick<Sessions, 'listByUser' | 'end'>;
  providers: OauthProviders;
  cipher: Cipher;
  mutex: KeyedMutex;
  leases: Leases;
  audit: AuditEntries;
  clock: Clock;
}>;

/** Longer than a provider is waited for and the outcome is stored. */
const LEASE_MS = 60_000;

/** `refused`: for another reason than that the grant is over, so it stays. `away`: nothing changed. */
type Failed = Readonly<{ did: 'refused' | 'away'; error: unknown }>;

/** `nothing`: there is no grant to use, a sign-in brought a better one meanwhile, or another process is at it. */
export type RefreshedOauthAccount = Readonly<{ did: 'refreshed' | 'broken' | 'nothing' }> | Failed;

export class RefreshOauthAccount {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /**
   * One at a time per account, in all processes, because a provider may take a refresh token once. Where the grant is
   * over, the sessions that began through the account end, and only then is it marked broken: a kill in between leaves
   * both to the next time. A grant that is still good is no entry of the audit; one that is over is.
   */
  execute(id: OauthAccountId): Promise<RefreshedOauthAccount> {
    const { mutex, leases } = this.#deps;
    return mutex.run(id, async () => {
      const refreshed = await leases.run(`oauth_account:${id}`, LEASE_MS, () => this.#refresh(id));
      return refreshed ?? { did: 'nothing' };
    });
  }

  async #refresh(id: OauthAccountId): Promise<RefreshedOauthAccount> {
    const { reads, cipher, clock } = this.#deps;
    const account = await reads.oauthAccounts.find(id);
    if (account === undefined || account.refreshToken === null || !cipher.isConfigured) return { did: 'nothing' };
    const askedAt = clock.now();
    const outcome = await this.#ask(account.provider, account.refreshToken);
    if (outcome.did === 'away') return outcome;
    if (outcome.did === 'invalid_grant') return this.#break(account, askedAt);
    if (!(await this.#save(account, this.#tried(account, outcome, askedAt)))) return { did: 'nothing' };
    return outcome.did === 'refused' ? outcome : { did: 'refreshed' };
  }

  #tried(account: OauthAccount, outcome: RefreshOutcome | Failed, askedAt: Date): OauthAccount {
    const token = outcome.did === 'refreshed' ? outcome.refreshToken : null;
    return rechecked(account, token === null ? null : this.#deps.cipher.encrypt(token), askedAt);
  }

  async #ask(provider: string, encrypted: string): Promise<RefreshOutcome | Failed> {
    const { providers, cipher } = this.#deps;
    try {
      return await providers.refresh(provider, cipher.decrypt(encrypted));
    } catch (error) {
      const away = error instanceof DomainError && error.code === identityErrors.oauthProviderUnavailable.code;
      return { did: away ? 'away' : 'refused', error };
    }
  }

  async #break(account: OauthAccount, askedAt: Date): Promise<RefreshedOauthAccount> {
    const { reads, audit } = this.#deps;
    const stored = await reads.oauthAccounts.find(account.id);
    if (stored?.refreshToken !== account.refreshToken) return { did: 'nothing' };
    const ended = await this.#endSessions(account, askedAt);
    const after = broken(account, askedAt);
    const entry = audit.by(SYSTEM, {
      action: 'oauth_accounts.break',
      subject: `oauth_account:${account.id}`,
      before: oauthAccountFacts(account),
      after: { ...oauthAccountFacts(after), sessions_ended: ended },
    });
    return { did: (await this.#save(account, after, (log) => log.add(entry))) ? 'broken' : 'nothing' };
  }

  /** Those that began before the provider was asked: a later one rests on a later word of the provider. */
  async #endSessions({ id, userId }: OauthAccount, askedAt: Date): Promise<number> {
    const { sessions } = this.#deps;
    const live = await sessions.listByUser(userId, askedAt);
    const through = live.filter((session) => session.oauthAccountId === id && session.createdAt <= askedAt);
    for (const { digest } of through) await sessions.end(digest);
    return through.length;
  }

  /** Only where the account still has the token that was used: a sign-in meanwhile brought a better one. */
  #save(before: OauthAccount, after: OauthAccount, told = async (_: AuditLog) => {}): Promise<boolean> {
    return this.#deps.unitOfWork.run(async ({ oauthAccounts, audit }) => {
      const stored = await oauthAccounts.find(before.id);
      if (stored?.refreshToken !== before.refreshToken) return false;
      await oauthAccounts.save(after);
      await told(audit);
      return true;
    });
  }
}
