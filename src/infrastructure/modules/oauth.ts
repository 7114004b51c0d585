/** The use cases of signing in through providers and of rotating keys, and what they are made of. */
import { ContainerModule } from 'inversify';
import { AuditedFailures } from '#application/audit/audited-failures.ts';
import { BeginOauth } from '#application/identity/begin-oauth.ts';
import { CompleteOauth } from '#application/identity/complete-oauth.ts';
import { ListOauthAccounts } from '#application/identity/list-oauth-accounts.ts';
import { NewSessions } from '#application/identity/new-sessions.ts';
import { OauthFlows } from '#application/identity/oauth-flows.ts';
import { OauthSignIn } from '#application/identity/oauth-sign-in.ts';
import { RefreshOauthAccount } from '#application/identity/refresh-oauth-account.ts';
import { UnlinkOauthAccount } from '#application/identity/unlink-oauth-account.ts';
import { Audit } from '#application/shared/audit-log.ts';
import { RotateKeys } from '#application/shared/rotate-keys.ts';
import { Turns } from '#application/shared/turns.ts';
import { tokens } from '../tokens.ts';
import { wire } from '../wire.ts';

const { clock, ids, unitOfWork, reads, cipher, flowCipher, oauthProviders: providers, registration } = tokens;
const audit = Audit;

export const oauthModule = new ContainerModule(({ bind }) => {
  const refreshes = Symbol('Refreshes');
  bind(refreshes).toConstantValue(new Turns());
  wire(bind, OauthFlows, { cipher: flowCipher, clock });
  wire(bind, OauthSignIn, { unitOfWork, registration, cipher, audit, clock, ids });
  wire(bind, BeginOauth, { providers, flows: OauthFlows });
  wire(bind, CompleteOauth, {
    providers,
    flows: OauthFlows,
    oauthSignIn: OauthSignIn,
    newSessions: NewSessions,
    failures: AuditedFailures,
    audit,
  });
  wire(bind, ListOauthAccounts, { reads });
  wire(bind, UnlinkOauthAccount, { unitOfWork, providers, audit });
  wire(bind, RefreshOauthAccount, { reads, unitOfWork, providers, cipher, turns: refreshes, audit, clock });
  wire(bind, RotateKeys, { unitOfWork, cipher, audit });
});
