/** The routes of sessions, passwords and API tokens, on their use cases. */
import type { Container } from 'inversify';
import type { Route } from '#adapters/http/declaration/route.ts';
import { apiTokenRoutes } from '#adapters/http/identity/api-tokens.routes.ts';
import { passwordRoutes } from '#adapters/http/identity/passwords.routes.ts';
import { sessionRoutes } from '#adapters/http/identity/sessions.routes.ts';
import { IssueApiToken } from '#application/identity/api-tokens/issue-api-token.ts';
import { ListApiTokens } from '#application/identity/api-tokens/list-api-tokens.ts';
import { RevokeApiToken } from '#application/identity/api-tokens/revoke-api-token.ts';
import { RotateApiToken } from '#application/identity/api-tokens/rotate-api-token.ts';
import { ChangePassword } from '#application/identity/passwords/change-password.ts';
import { MakePasswordLink } from '#application/identity/passwords/make-password-link.ts';
import { SetPassword } from '#application/identity/passwords/set-password.ts';
import { EndAllSessions } from '#application/identity/sessions/end-all-sessions.ts';
import { EndSession } from '#application/identity/sessions/end-session.ts';
import { ListSessions } from '#application/identity/sessions/list-sessions.ts';
import { UnlockSignIn } from '#application/identity/sessions/unlock-sign-in.ts';

export function credentialRoutesOf(container: Container): readonly Route[] {
  return [
    ...sessionRoutes({
      listSessions: container.get(ListSessions),
      endSession: container.get(EndSession),
      endAllSessions: container.get(EndAllSessions),
      unlockSignIn: container.get(UnlockSignIn),
    }),
    ...passwordRoutes({
      changePassword: container.get(ChangePassword),
      setPassword: container.get(SetPassword),
      makePasswordLink: container.get(MakePasswordLink),
    }),
    ...apiTokenRoutes({
      issueApiToken: container.get(IssueApiToken),
      listApiTokens: container.get(ListApiTokens),
      revokeApiToken: container.get(RevokeApiToken),
      rotateApiToken: container.get(RotateApiToken),
    }),
  ];
}
