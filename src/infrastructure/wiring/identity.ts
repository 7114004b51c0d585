/** The use cases of identity, and what they are made of. */
import { ContainerModule } from 'inversify';
import { AuditQueue } from '#application/audit/audit-queue.ts';
import { PasswordLinkCodes } from '#application/identity/passwords/password-link-codes.ts';
import { Principals } from '#application/identity/roles/principals.ts';
import { AuthenticateSession } from '#application/identity/sessions/authenticate-session.ts';
import { ReadMe } from '#application/identity/sessions/read-me.ts';
import { SessionStarter } from '#application/identity/sessions/session-starter.ts';
import { SignIn } from '#application/identity/sessions/sign-in.ts';
import { SignInAttempts } from '#application/identity/sessions/sign-in-attempts.ts';
import { SignOut } from '#application/identity/sessions/sign-out.ts';
import { CreateUser } from '#application/identity/users/create-user.ts';
import { EnsureFirstAdmin } from '#application/identity/users/ensure-first-admin.ts';
import { AuditEntries } from '#application/shared/audit-log.ts';
import { tokens } from './tokens.ts';
import { wire } from './wire.ts';

const { clock, ids, unitOfWork, users, roles, passwordHashes, hasher, secrets, sessions, sessionLimits, cache } =
  tokens;
const { commonPasswords } = tokens;
const audit = AuditEntries;

export const identityModule = new ContainerModule(({ bind }) => {
  wire(bind, Principals, { users, roles, cache });
  wire(bind, AuthenticateSession, { sessions, secrets, principals: Principals, clock, limits: sessionLimits });
  wire(bind, SessionStarter, { sessions, unitOfWork, audit, secrets, clock, ids, limits: sessionLimits });
  wire(bind, SignIn, {
    users,
    unitOfWork,
    passwordHashes,
    attempts: SignInAttempts,
    failures: AuditQueue,
    audit,
    hasher,
    sessionStarter: SessionStarter,
  });
  wire(bind, SignOut, { sessions, secrets });
  wire(bind, ReadMe, { principals: Principals });
  wire(bind, CreateUser, { unitOfWork, hasher, commonPasswords, codes: PasswordLinkCodes, audit, clock, ids });
  wire(bind, EnsureFirstAdmin, { unitOfWork, hasher, commonPasswords, secrets, audit, clock, ids });
});
