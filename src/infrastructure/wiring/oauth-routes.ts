/** The routes of signing in through providers, on their use cases. */
import type { Container } from 'inversify';
import type { Route } from '#adapters/http/declaration/route.ts';
import { oauthRoutes } from '#adapters/http/identity/oauth.routes.ts';
import { BeginOauth } from '#application/identity/oauth/begin-oauth.ts';
import { CompleteOauth } from '#application/identity/oauth/complete-oauth.ts';
import { ListOauthAccounts } from '#application/identity/oauth/list-oauth-accounts.ts';
import { UnlinkOauthAccount } from '#application/identity/oauth/unlink-oauth-account.ts';

export function oauthRoutesOf(container: Container): readonly Route[] {
  return oauthRoutes({
    beginOauth: container.get(BeginOauth),
    completeOauth: container.get(CompleteOauth),
    listOauthAccounts: container.get(ListOauthAccounts),
    unlinkOauthAccount: container.get(UnlinkOauthAccount),
  });
}
