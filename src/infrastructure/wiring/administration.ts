/** The use cases of administration, and what they are made of. */
import { ContainerModule } from 'inversify';
import { AssignRole } from '#application/identity/roles/assign-role.ts';
import { ChangeRole } from '#application/identity/roles/change-role.ts';
import { CreateRole } from '#application/identity/roles/create-role.ts';
import { DeleteRole } from '#application/identity/roles/delete-role.ts';
import { ListRoles } from '#application/identity/roles/list-roles.ts';
import { ReadRole } from '#application/identity/roles/read-role.ts';
import { RevokeRole } from '#application/identity/roles/revoke-role.ts';
import { SessionRevoker } from '#application/identity/sessions/session-revoker.ts';
import { ChangeUser } from '#application/identity/users/change-user.ts';
import { DeleteUser } from '#application/identity/users/delete-user.ts';
import { ListUsers } from '#application/identity/users/list-users.ts';
import { ReadUser } from '#application/identity/users/read-user.ts';
import { ReadStats } from '#application/operations/read-stats.ts';
import { AuditEntries } from '#application/shared/audit-log.ts';
import { tokens } from './tokens.ts';
import { wire } from './wire.ts';

const { unitOfWork, reads, roles, sessions, adapters, clock } = tokens;
const [audit, sessionRevoker] = [AuditEntries, SessionRevoker] as const;

export const administrationModule = new ContainerModule(({ bind }) => {
  wire(bind, ListUsers, { reads });
  wire(bind, ReadUser, { reads });
  wire(bind, ChangeUser, { unitOfWork, sessionRevoker, audit });
  wire(bind, DeleteUser, { unitOfWork, sessionRevoker, audit });
  wire(bind, AssignRole, { unitOfWork, audit });
  wire(bind, RevokeRole, { unitOfWork, audit });
  wire(bind, ListRoles, { roles });
  wire(bind, ReadRole, { roles });
  wire(bind, CreateRole, { unitOfWork, audit });
  wire(bind, ChangeRole, { unitOfWork, audit });
  wire(bind, ReadStats, { reads, sessions, adapters, clock });
  wire(bind, DeleteRole, { unitOfWork, audit });
});
