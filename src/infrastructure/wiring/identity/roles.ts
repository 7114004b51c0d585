/** Wires the use cases on roles, the look-up of permissions, and their routes. */
import { ContainerModule } from 'inversify';
import { roleRoutes } from '#adapters/http/identity/roles.routes.ts';
import { AssignRole } from '#application/identity/roles/assign-role.ts';
import { ChangeRole } from '#application/identity/roles/change-role.ts';
import { CreateRole } from '#application/identity/roles/create-role.ts';
import { DeleteRole } from '#application/identity/roles/delete-role.ts';
import { ListRoles } from '#application/identity/roles/list-roles.ts';
import { Principals } from '#application/identity/roles/principals.ts';
import { ReadRole } from '#application/identity/roles/read-role.ts';
import { RevokeRole } from '#application/identity/roles/revoke-role.ts';
import { AuditEntries } from '#application/shared/audit-log.ts';
import { tokens } from '../tokens.ts';
import { routes, wire } from '../wire.ts';

const { unitOfWork, users, roles, workspaceMembers, cache } = tokens;
const audit = AuditEntries;

export const rolesModule = new ContainerModule(({ bind }) => {
  wire(bind, Principals, { users, roles, workspaceMembers, cache });
  wire(bind, ListRoles, { roles });
  wire(bind, ReadRole, { roles });
  wire(bind, CreateRole, { unitOfWork, audit });
  wire(bind, ChangeRole, { unitOfWork, audit });
  wire(bind, DeleteRole, { unitOfWork, audit });
  wire(bind, AssignRole, { unitOfWork, audit });
  wire(bind, RevokeRole, { unitOfWork, audit });
  routes(bind, roleRoutes, {
    listRoles: ListRoles,
    readRole: ReadRole,
    createRole: CreateRole,
    changeRole: ChangeRole,
    deleteRole: DeleteRole,
    assignRole: AssignRole,
    revokeRole: RevokeRole,
  });
});
