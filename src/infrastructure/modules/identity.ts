/** The use cases of identity, and what they are made of. */
import { ContainerModule } from 'inversify';
import { AuditedFailures } from '#application/audit/audited-failures.ts';
import { CreateUser } from '#application/identity/create-user.ts';
import { EnsureFirstAdmin } from '#application/identity/ensure-first-admin.ts';
import { Identify } from '#application/identity/identify.ts';
import { NewSessions } from '#application/identity/new-sessions.ts';
import { PasswordLinkCodes } from '#application/identity/password-link-codes.ts';
import { Principals } from '#application/identity/principals.ts';
import { ReadMe } from '#application/identity/read-me.ts';
import { SignIn } from '#application/identity/sign-in.ts';
import { SignInAttempts } from '#application/identity/sign-in-attempts.ts';
import { SignOut } from '#application/identity/sign-out.ts';
import { Audit } from '#application/shared/audit-log.ts';
import { tokens } from '../tokens.ts';
import { wire } from '../wire.ts';

const { clock, ids, unitOfWork, users, roles, passwordHashes, hasher, secrets, sessions, sessionLimits, cache } =
  tokens;
const { commonPasswords } = tokens;
const audit = Audit;

export const identityModule = new ContainerModule(({ bind }) => {
  wire(bind, Principals, { users, roles, cache });
  wire(bind, Identify, { sessions, secrets, principals: Principals, clock, limits: sessionLimits });
  wire(bind, NewSessions, { sessions, unitOfWork, audit, secrets, clock, ids, limits: sessionLimits });
  wire(bind, SignIn, {
    users,
    unitOfWork,
    passwordHashes,
    attempts: SignInAttempts,
    failures: AuditedFailures,
    audit,
    hasher,
    newSessions: NewSessions,
  });
  wire(bind, SignOut, { sessions, secrets });
  wire(bind, ReadMe, { principals: Principals });
  wire(bind, CreateUser, { unitOfWork, hasher, commonPasswords, codes: PasswordLinkCodes, audit, clock, ids });
  wire(bind, EnsureFirstAdmin, { unitOfWork, hasher, commonPasswords, secrets, audit, clock, ids });
});
