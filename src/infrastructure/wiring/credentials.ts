/** The use cases of sessions, passwords and API tokens, and what they are made of. */
import { ContainerModule } from 'inversify';
import { AuditQueue } from '#application/audit/audit-queue.ts';
import { ApiTokenLookup } from '#application/identity/api-tokens/api-token-lookup.ts';
import { AuthenticateApiToken } from '#application/identity/api-tokens/authenticate-api-token.ts';
import { IssueApiToken } from '#application/identity/api-tokens/issue-api-token.ts';
import { ListApiTokens } from '#application/identity/api-tokens/list-api-tokens.ts';
import { RevokeApiToken } from '#application/identity/api-tokens/revoke-api-token.ts';
import { RotateApiToken } from '#application/identity/api-tokens/rotate-api-token.ts';
import { ChangePassword } from '#application/identity/passwords/change-password.ts';
import { MakePasswordLink } from '#application/identity/passwords/make-password-link.ts';
import { PasswordLinkCodes } from '#application/identity/passwords/password-link-codes.ts';
import { SetPassword } from '#application/identity/passwords/set-password.ts';
import { Principals } from '#application/identity/roles/principals.ts';
import { EndAllSessions } from '#application/identity/sessions/end-all-sessions.ts';
import { EndSession } from '#application/identity/sessions/end-session.ts';
import { ListSessions } from '#application/identity/sessions/list-sessions.ts';
import { SessionRevoker } from '#application/identity/sessions/session-revoker.ts';
import { SignInAttempts } from '#application/identity/sessions/sign-in-attempts.ts';
import { UnlockSignIn } from '#application/identity/sessions/unlock-sign-in.ts';
import { Register } from '#application/identity/users/register.ts';
import { AuditEntries } from '#application/shared/audit-log.ts';
import { runInBackground } from './run-in-background.ts';
import { tokens } from './tokens.ts';
import { wire } from './wire.ts';

const { clock, ids, unitOfWork, reads, users, passwordHashes, hasher, secrets, sessions, cache } = tokens;
const { commonPasswords, signInDelays: delays, registration, tokenSecrets, tokenUses } = tokens;
const [audit, attempts, sessionRevoker, codes, lookup] = [
  AuditEntries,
  SignInAttempts,
  SessionRevoker,
  PasswordLinkCodes,
  ApiTokenLookup,
] as const;
const principals = Principals;

/** How late a use of a token may be written down. */
const TOKEN_USES_INTERVAL_MS = 1_000;

export const credentialsModule = new ContainerModule(({ bind }) => {
  wire(bind, SignInAttempts, { delays, secrets, clock });
  wire(bind, SessionRevoker, { sessions, clock });
  wire(bind, PasswordLinkCodes, { secrets, clock, ids });
  wire(bind, ApiTokenLookup, { reads, cache });
  wire(bind, AuthenticateApiToken, { lookup, tokenSecrets, tokenUses, principals, clock });
  runInBackground(bind, tokenUses, (uses) => ({
    name: 'write down uses of tokens',
    everyMs: TOKEN_USES_INTERVAL_MS,
    run: () => uses.flush(),
    finish: () => uses.flush(),
  }));
  wire(bind, ListSessions, { sessions, principals, clock });
  wire(bind, EndSession, { unitOfWork, sessions, audit, clock });
  wire(bind, EndAllSessions, { unitOfWork, sessionRevoker, audit });
  wire(bind, UnlockSignIn, { unitOfWork, attempts, audit });
  wire(bind, ChangePassword, {
    unitOfWork,
    users,
    passwordHashes,
    attempts,
    failures: AuditQueue,
    hasher,
    commonPasswords,
    sessionRevoker,
    audit,
    clock,
  });
  wire(bind, MakePasswordLink, { unitOfWork, codes, audit });
  wire(bind, SetPassword, {
    unitOfWork,
    reads,
    secrets,
    hasher,
    commonPasswords,
    sessionRevoker,
    attempts,
    audit,
    clock,
  });
  wire(bind, Register, { unitOfWork, registration, hasher, commonPasswords, audit, clock, ids });
  wire(bind, IssueApiToken, { unitOfWork, tokenSecrets, audit, clock, ids });
  wire(bind, ListApiTokens, { reads, tokenUses });
  wire(bind, RotateApiToken, { unitOfWork, tokenSecrets, audit, clock, ids });
  wire(bind, RevokeApiToken, { unitOfWork, audit, clock });
});
