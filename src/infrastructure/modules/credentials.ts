/** The use cases of sessions, passwords and API tokens, and what they are made of. */
import { ContainerModule } from 'inversify';
import { AuditedFailures } from '#application/audit/audited-failures.ts';
import { ApiTokenLookup } from '#application/identity/api-token-lookup.ts';
import { ChangePassword } from '#application/identity/change-password.ts';
import { EndAllSessions } from '#application/identity/end-all-sessions.ts';
import { EndSession } from '#application/identity/end-session.ts';
import { EndedSessions } from '#application/identity/ended-sessions.ts';
import { IdentifyToken } from '#application/identity/identify-token.ts';
import { IssueApiToken } from '#application/identity/issue-api-token.ts';
import { ListApiTokens } from '#application/identity/list-api-tokens.ts';
import { ListSessions } from '#application/identity/list-sessions.ts';
import { MakePasswordLink } from '#application/identity/make-password-link.ts';
import { PasswordLinkCodes } from '#application/identity/password-link-codes.ts';
import { Principals } from '#application/identity/principals.ts';
import { Register } from '#application/identity/register.ts';
import { RevokeApiToken } from '#application/identity/revoke-api-token.ts';
import { RotateApiToken } from '#application/identity/rotate-api-token.ts';
import { SetPassword } from '#application/identity/set-password.ts';
import { SignInAttempts } from '#application/identity/sign-in-attempts.ts';
import { UnlockSignIn } from '#application/identity/unlock-sign-in.ts';
import { Audit } from '#application/shared/audit-log.ts';
import { tokens } from '../tokens.ts';
import { wire } from '../wire.ts';

const { clock, ids, unitOfWork, reads, users, passwordHashes, hasher, secrets, sessions, cache } = tokens;
const { commonPasswords, signInDelays: delays, registration, tokenSecrets, tokenUses } = tokens;
const [audit, attempts, endedSessions, codes, lookup] = [
  Audit,
  SignInAttempts,
  EndedSessions,
  PasswordLinkCodes,
  ApiTokenLookup,
] as const;
const principals = Principals;

export const credentialsModule = new ContainerModule(({ bind }) => {
  wire(bind, SignInAttempts, { delays, secrets, clock });
  wire(bind, EndedSessions, { sessions, cache, clock });
  wire(bind, PasswordLinkCodes, { secrets, clock, ids });
  wire(bind, ApiTokenLookup, { reads, cache });
  wire(bind, IdentifyToken, { lookup, tokenSecrets, tokenUses, principals, clock });
  wire(bind, ListSessions, { sessions, principals, clock });
  wire(bind, EndSession, { unitOfWork, sessions, audit, clock });
  wire(bind, EndAllSessions, { unitOfWork, endedSessions, audit });
  wire(bind, UnlockSignIn, { unitOfWork, attempts, audit });
  wire(bind, ChangePassword, {
    unitOfWork,
    users,
    passwordHashes,
    attempts,
    failures: AuditedFailures,
    hasher,
    commonPasswords,
    endedSessions,
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
    endedSessions,
    attempts,
    audit,
    clock,
  });
  wire(bind, Register, { unitOfWork, registration, hasher, commonPasswords, audit, clock, ids });
  wire(bind, IssueApiToken, { unitOfWork, tokenSecrets, audit, clock, ids });
  wire(bind, ListApiTokens, { reads, tokenUses });
  wire(bind, RotateApiToken, { unitOfWork, lookup, tokenSecrets, audit, clock, ids });
  wire(bind, RevokeApiToken, { unitOfWork, lookup, audit, clock });
});
