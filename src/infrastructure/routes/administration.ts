/** The routes of administration, on their use cases. */
import type { Container } from 'inversify';
import { auditRoutes } from '#adapters/http/audit.routes.ts';
import { roleRoutes } from '#adapters/http/roles.routes.ts';
import type { Route } from '#adapters/http/route.ts';
import { statsRoutes } from '#adapters/http/stats.routes.ts';
import { userRoutes } from '#adapters/http/users.routes.ts';
import { ExportAudit } from '#application/audit/export-audit.ts';
import { ListAudit } from '#application/audit/list-audit.ts';
import { AssignRole } from '#application/identity/assign-role.ts';
import { ChangeRole } from '#application/identity/change-role.ts';
import { ChangeUser } from '#application/identity/change-user.ts';
import { CreateRole } from '#application/identity/create-role.ts';
import { DeleteRole } from '#application/identity/delete-role.ts';
import { DeleteUser } from '#application/identity/delete-user.ts';
import { ListRoles } from '#application/identity/list-roles.ts';
import { ListUsers } from '#application/identity/list-users.ts';
import { ReadRole } from '#application/identity/read-role.ts';
import { ReadUser } from '#application/identity/read-user.ts';
import { RevokeRole } from '#application/identity/revoke-role.ts';
import { ReadStats } from '#application/system/read-stats.ts';

export function administrationRoutesOf(container: Container): readonly Route[] {
  return [
    ...userRoutes({
      listUsers: container.get(ListUsers),
      readUser: container.get(ReadUser),
      changeUser: container.get(ChangeUser),
      deleteUser: container.get(DeleteUser),
      assignRole: container.get(AssignRole),
      revokeRole: container.get(RevokeRole),
    }),
    ...roleRoutes({
      listRoles: container.get(ListRoles),
      readRole: container.get(ReadRole),
      createRole: container.get(CreateRole),
      changeRole: container.get(ChangeRole),
      deleteRole: container.get(DeleteRole),
    }),
    ...statsRoutes({ readStats: container.get(ReadStats) }),
    ...auditRoutes({ listAudit: container.get(ListAudit), exportAudit: container.get(ExportAudit) }),
  ];
}
