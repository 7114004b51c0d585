/** Wires sign-in through OpenID Connect providers, and its routes. */
import { ContainerModule } from 'inversify';
import { oauthRoutes } from '#adapters/http/identity/oauth.routes.ts';
import { BeginOauth } from '#application/identity/oauth/begin-oauth.ts';
import { CompleteOauth } from '#application/identity/oauth/complete-oauth.ts';
import { ListOauthAccounts } from '#application/identity/oauth/list-oauth-accounts.ts';
import { OauthFlows } from '#application/identity/oauth/oauth-flows.ts';
import { OauthSignIn } from '#application/identity/oauth/oauth-sign-in.ts';
import { ReadSignInOptions } from '#application/identity/oauth/read-sign-in-options.ts';
import { RecheckOauthAccounts } from '#application/identity/oauth/recheck-oauth-accounts.ts';
import { RefreshOauthAccount } from '#application/identity/oauth/refresh-oauth-account.ts';
import { UnlinkOauthAccount } from '#application/identity/oauth/unlink-oauth-account.ts';
import { SessionStarter } from '#application/identity/sessions/session-starter.ts';
import { AuditEntries } from '#application/shared/audit-log.ts';
import { KeyedMutex } from '#application/shared/turns/keyed-mutex.ts';
import { runInBackground } from '../run-in-background.ts';
import { tokens } from '../tokens.ts';
import { routes, wire } from '../wire.ts';

const { clock, ids, unitOfWork, reads, registration, sessions, oauthProviders, flowCipher, cipher, recheckMs } = tokens;
const { failureLog, leases } = tokens;
const audit = AuditEntries;

/** How often a page of the accounts that are due is rechecked. */
const RECHECKS_INTERVAL_MS = 60_000;

export const oauthModule = new ContainerModule(({ bind }) => {
  // A mutex of its own, so that refreshing a token waits for nothing but another refresh of the same account.
  const refreshes = Symbol('Refreshes');
  bind(refreshes).toConstantValue(new KeyedMutex());
  wire(bind, OauthFlows, { cipher: flowCipher, clock });
  wire(bind, OauthSignIn, { unitOfWork, registration, cipher, audit, clock, ids });
  wire(bind, ReadSignInOptions, { registration, providers: oauthProviders });
  wire(bind, BeginOauth, { providers: oauthProviders, flows: OauthFlows });
  wire(bind, CompleteOauth, {
    providers: oauthProviders,
    flows: OauthFlows,
    oauthSignIn: OauthSignIn,
    sessionStarter: SessionStarter,
    failures: failureLog,
    audit,
  });
  wire(bind, ListOauthAccounts, { reads });
  wire(bind, UnlinkOauthAccount, { unitOfWork, providers: oauthProviders, audit });
  wire(bind, RefreshOauthAccount, {
    reads,
    unitOfWork,
    sessions,
    providers: oauthProviders,
    cipher,
    mutex: refreshes,
    leases,
    audit,
    clock,
  });
  wire(bind, RecheckOauthAccounts, {
    reads,
    providers: oauthProviders,
    refreshOauthAccount: RefreshOauthAccount,
    clock,
    recheckMs,
  });
  runInBackground(bind, RecheckOauthAccounts, (recheck) => ({
    name: 'recheck linked accounts',
    everyMs: RECHECKS_INTERVAL_MS,
    run: (closing) => recheck.execute(closing),
  }));
  routes(bind, oauthRoutes, {
    readSignInOptions: ReadSignInOptions,
    beginOauth: BeginOauth,
    completeOauth: CompleteOauth,
    listOauthAccounts: ListOauthAccounts,
    unlinkOauthAccount: UnlinkOauthAccount,
  });
});
