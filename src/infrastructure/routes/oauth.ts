/** The routes of signing in through providers, on their use cases. */
import type { Container } from 'inversify';
import { oauthRoutes } from '#adapters/http/oauth.routes.ts';
import type { Route } from '#adapters/http/route.ts';
import { BeginOauth } from '#application/identity/begin-oauth.ts';
import { CompleteOauth } from '#application/identity/complete-oauth.ts';
import { ListOauthAccounts } from '#application/identity/list-oauth-accounts.ts';
import { UnlinkOauthAccount } from '#application/identity/unlink-oauth-account.ts';

export function oauthRoutesOf(container: Container): readonly Route[] {
  return oauthRoutes({
    beginOauth: container.get(BeginOauth),
    completeOauth: container.get(CompleteOauth),
    listOauthAccounts: container.get(ListOauthAccounts),
    unlinkOauthAccount: container.get(UnlinkOauthAccount),
  });
}
