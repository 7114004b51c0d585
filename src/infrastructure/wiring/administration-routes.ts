/** The routes of administration, on their use cases. */
import type { Container } from 'inversify';
import type { Route } from '#adapters/http/declaration/route.ts';
import { roleRoutes } from '#adapters/http/identity/roles.routes.ts';
import { userRoutes } from '#adapters/http/identity/users.routes.ts';
import { auditRoutes } from '#adapters/http/operations/audit.routes.ts';
import { statsRoutes } from '#adapters/http/operations/stats.routes.ts';
import { ExportAudit } from '#application/audit/export-audit.ts';
import { ListAudit } from '#application/audit/list-audit.ts';
import { AssignRole } from '#application/identity/roles/assign-role.ts';
import { ChangeRole } from '#application/identity/roles/change-role.ts';
import { CreateRole } from '#application/identity/roles/create-role.ts';
import { DeleteRole } from '#application/identity/roles/delete-role.ts';
import { ListRoles } from '#application/identity/roles/list-roles.ts';
import { ReadRole } from '#application/identity/roles/read-role.ts';
import { RevokeRole } from '#application/identity/roles/revoke-role.ts';
import { ChangeUser } from '#application/identity/users/change-user.ts';
import { CreateUser } from '#application/identity/users/create-user.ts';
import { DeleteUser } from '#application/identity/users/delete-user.ts';
import { ListUsers } from '#application/identity/users/list-users.ts';
import { ReadUser } from '#application/identity/users/read-user.ts';
import { Register } from '#application/identity/users/register.ts';
import { ReadStats } from '#application/operations/read-stats.ts';

export function administrationRoutesOf(container: Container): readonly Route[] {
  return [
    ...userRoutes({
      listUsers: container.get(ListUsers),
      createUser: container.get(CreateUser),
      readUser: container.get(ReadUser),
      changeUser: container.get(ChangeUser),
      deleteUser: container.get(DeleteUser),
      register: container.get(Register),
    }),
    ...roleRoutes({
      listRoles: container.get(ListRoles),
      readRole: container.get(ReadRole),
      createRole: container.get(CreateRole),
      changeRole: container.get(ChangeRole),
      deleteRole: container.get(DeleteRole),
      assignRole: container.get(AssignRole),
      revokeRole: container.get(RevokeRole),
    }),
    ...statsRoutes({ readStats: container.get(ReadStats) }),
    ...auditRoutes({ listAudit: container.get(ListAudit), exportAudit: container.get(ExportAudit) }),
  ];
}
