/** The use cases of administration, and what they are made of. */
import { ContainerModule } from 'inversify';
import { AssignRole } from '#application/identity/assign-role.ts';
import { ChangeRole } from '#application/identity/change-role.ts';
import { ChangeUser } from '#application/identity/change-user.ts';
import { CreateRole } from '#application/identity/create-role.ts';
import { DeleteRole } from '#application/identity/delete-role.ts';
import { DeleteUser } from '#application/identity/delete-user.ts';
import { EndedSessions } from '#application/identity/ended-sessions.ts';
import { ListRoles } from '#application/identity/list-roles.ts';
import { ListUsers } from '#application/identity/list-users.ts';
import { ReadRole } from '#application/identity/read-role.ts';
import { ReadUser } from '#application/identity/read-user.ts';
import { RevokeRole } from '#application/identity/revoke-role.ts';
import { Audit } from '#application/shared/audit-log.ts';
import { ReadStats } from '#application/system/read-stats.ts';
import { tokens } from '../tokens.ts';
import { wire } from '../wire.ts';

const { unitOfWork, reads, roles, sessions, adapters, cache, clock } = tokens;
const [audit, endedSessions] = [Audit, EndedSessions] as const;

export const administrationModule = new ContainerModule(({ bind }) => {
  wire(bind, ListUsers, { reads });
  wire(bind, ReadUser, { reads });
  wire(bind, ChangeUser, { unitOfWork, cache, endedSessions, audit });
  wire(bind, DeleteUser, { unitOfWork, endedSessions, audit });
  wire(bind, AssignRole, { unitOfWork, cache, audit });
  wire(bind, RevokeRole, { unitOfWork, cache, audit });
  wire(bind, ListRoles, { roles });
  wire(bind, ReadRole, { roles });
  wire(bind, CreateRole, { unitOfWork, audit });
  wire(bind, ChangeRole, { unitOfWork, cache, audit });
  wire(bind, ReadStats, { reads, sessions, adapters, clock });
  wire(bind, DeleteRole, { unitOfWork, audit });
});
