/** Wires the use cases on passwords and password links, and their routes. */
import { ContainerModule } from 'inversify';
import { passwordRoutes } from '#adapters/http/identity/passwords.routes.ts';
import { ChangePassword } from '#application/identity/passwords/change-password.ts';
import { MakePasswordLink } from '#application/identity/passwords/make-password-link.ts';
import { PasswordLinkCodes } from '#application/identity/passwords/password-link-codes.ts';
import { SetPassword } from '#application/identity/passwords/set-password.ts';
import { SessionRevoker } from '#application/identity/sessions/session-revoker.ts';
import { SignInAttempts } from '#application/identity/sessions/sign-in-attempts.ts';
import { AuditEntries } from '#application/shared/audit-log.ts';
import { tokens } from '../tokens.ts';
import { routes, wire } from '../wire.ts';

const { clock, ids, unitOfWork, reads, users, passwordHashes, hasher, secrets, commonPasswords } = tokens;
const { failureLog } = tokens;
const audit = AuditEntries;

export const passwordsModule = new ContainerModule(({ bind }) => {
  wire(bind, PasswordLinkCodes, { secrets, clock, ids });
  wire(bind, MakePasswordLink, { unitOfWork, codes: PasswordLinkCodes, audit });
  wire(bind, SetPassword, {
    unitOfWork,
    reads,
    secrets,
    hasher,
    commonPasswords,
    sessionRevoker: SessionRevoker,
    attempts: SignInAttempts,
    audit,
    clock,
  });
  wire(bind, ChangePassword, {
    unitOfWork,
    users,
    passwordHashes,
    attempts: SignInAttempts,
    failures: failureLog,
    hasher,
    commonPasswords,
    sessionRevoker: SessionRevoker,
    audit,
    clock,
  });
  routes(bind, passwordRoutes, {
    changePassword: ChangePassword,
    setPassword: SetPassword,
    makePasswordLink: MakePasswordLink,
  });
});
