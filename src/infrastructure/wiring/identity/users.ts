/** Wires the use cases on users, and their routes. */
import { ContainerModule } from 'inversify';
import { userRoutes } from '#adapters/http/identity/users.routes.ts';
import { PasswordLinkCodes } from '#application/identity/passwords/password-link-codes.ts';
import { SessionRevoker } from '#application/identity/sessions/session-revoker.ts';
import { ChangeOwnNames } from '#application/identity/users/change-own-names.ts';
import { ChangeUser } from '#application/identity/users/change-user.ts';
import { CreateUser } from '#application/identity/users/create-user.ts';
import { DeleteUser } from '#application/identity/users/delete-user.ts';
import { EnsureFirstAdmin } from '#application/identity/users/ensure-first-admin.ts';
import { ListUsers } from '#application/identity/users/list-users.ts';
import { ReadUser } from '#application/identity/users/read-user.ts';
import { Register } from '#application/identity/users/register.ts';
import { ResetAdmin } from '#application/identity/users/reset-admin.ts';
import { AuditEntries } from '#application/shared/audit-log.ts';
import { tokens } from '../tokens.ts';
import { routes, wire } from '../wire.ts';

const { clock, ids, unitOfWork, reads, hasher, secrets, commonPasswords, registration } = tokens;
const audit = AuditEntries;

export const usersModule = new ContainerModule(({ bind }) => {
  wire(bind, ListUsers, { reads });
  wire(bind, ReadUser, { reads });
  wire(bind, CreateUser, { unitOfWork, hasher, commonPasswords, codes: PasswordLinkCodes, audit, clock, ids });
  wire(bind, ChangeUser, { unitOfWork, sessionRevoker: SessionRevoker, audit });
  wire(bind, ChangeOwnNames, { unitOfWork, audit });
  wire(bind, DeleteUser, { unitOfWork, sessionRevoker: SessionRevoker, audit, clock, ids });
  wire(bind, Register, { unitOfWork, registration, hasher, commonPasswords, audit, clock, ids });
  wire(bind, EnsureFirstAdmin, { unitOfWork, hasher, commonPasswords, secrets, audit, clock, ids });
  wire(bind, ResetAdmin, { unitOfWork, ensureFirstAdmin: EnsureFirstAdmin, hasher, secrets, audit, clock });
  routes(bind, userRoutes, {
    listUsers: ListUsers,
    createUser: CreateUser,
    readUser: ReadUser,
    changeUser: ChangeUser,
    deleteUser: DeleteUser,
    register: Register,
    changeOwnNames: ChangeOwnNames,
  });
});
