/** The routes of sessions, passwords and API tokens, on their use cases. */
import type { Container } from 'inversify';
import { passwordRoutes } from '#adapters/http/passwords.routes.ts';
import type { Route } from '#adapters/http/route.ts';
import { sessionRoutes } from '#adapters/http/sessions.routes.ts';
import { tokenRoutes } from '#adapters/http/tokens.routes.ts';
import { ChangePassword } from '#application/identity/change-password.ts';
import { EndAllSessions } from '#application/identity/end-all-sessions.ts';
import { EndSession } from '#application/identity/end-session.ts';
import { IssueApiToken } from '#application/identity/issue-api-token.ts';
import { ListApiTokens } from '#application/identity/list-api-tokens.ts';
import { ListSessions } from '#application/identity/list-sessions.ts';
import { MakePasswordLink } from '#application/identity/make-password-link.ts';
import { Register } from '#application/identity/register.ts';
import { RevokeApiToken } from '#application/identity/revoke-api-token.ts';
import { RotateApiToken } from '#application/identity/rotate-api-token.ts';
import { SetPassword } from '#application/identity/set-password.ts';
import { UnlockSignIn } from '#application/identity/unlock-sign-in.ts';

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
      register: container.get(Register),
    }),
    ...tokenRoutes({
      issueApiToken: container.get(IssueApiToken),
      listApiTokens: container.get(ListApiTokens),
      revokeApiToken: container.get(RevokeApiToken),
      rotateApiToken: container.get(RotateApiToken),
    }),
  ];
}
