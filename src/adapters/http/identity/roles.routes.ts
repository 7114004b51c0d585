/** The administration of roles, of what they permit, and of who holds them. */
import { z } from 'zod';
import type { AssignRole } from '#application/identity/roles/assign-role.ts';
import type { ChangeRole } from '#application/identity/roles/change-role.ts';
import type { CreateRole } from '#application/identity/roles/create-role.ts';
import type { DeleteRole } from '#application/identity/roles/delete-role.ts';
import type { ListRoles } from '#application/identity/roles/list-roles.ts';
import type { ReadRole } from '#application/identity/roles/read-role.ts';
import type { RevokeRole } from '#application/identity/roles/revoke-role.ts';
import { pageOfAll } from '#application/shared/page.ts';
import { identityErrors } from '#domain/identity/errors.ts';
import { PERMISSIONS, type Permission } from '#domain/identity/permissions.ts';
import { jsonBody } from '../declaration/body.ts';
import { httpErrors } from '../declaration/http-errors.ts';
import { cursor, decodeCursor, encodeCursor, limit, pathId, text } from '../declaration/input.ts';
import { pageOf } from '../declaration/output.ts';
import { type Route, route } from '../declaration/route.ts';
import { newRoleName, permission, permissionName, roleName, roleSchema, toRoleJson } from './roles.schemas.ts';

export type RoleUseCases = Readonly<{
  listRoles: ListRoles;
  readRole: ReadRole;
  createRole: CreateRole;
  changeRole: ChangeRole;
  deleteRole: DeleteRole;
  assignRole: AssignRole;
  revokeRole: RevokeRole;
}>;

const tag = 'Administration';
const description = text(0, 500);
const user = pathId('user', identityErrors.userNotFound);
const { builtinRole, editExceedsOwn, grantExceedsOwn, lastAdmin } = identityErrors;

export function roleRoutes(useCases: RoleUseCases): Route[] {
  return [
    list(useCases),
    create(useCases),
    read(useCases),
    change(useCases),
    remove(useCases),
    attach(useCases),
    detach(useCases),
    permissions(),
    assign(useCases),
    revoke(useCases),
  ];
}

function list({ listRoles }: RoleUseCases): Route {
  return route({
    method: 'get',
    path: '/admin/roles',
    tag,
    summary: 'All roles by name, built-in ones and others.',
    access: 'roles.read',
    query: z.strictObject({ limit, cursor }),
    returns: { 200: pageOf(roleSchema) },
    errors: [httpErrors.malformedCursor],
    async handle({ actor, query: { limit, cursor } }) {
      const from = decodeCursor(cursor, newRoleName);
      const { items, next } = await listRoles.execute(actor, from === undefined ? { limit } : { limit, cursor: from });
      return { status: 200, body: { items: items.map(toRoleJson), next_cursor: next && encodeCursor(next) } };
    },
  });
}

function create({ createRole }: RoleUseCases): Route {
  return route({
    method: 'post',
    path: '/admin/roles',
    tag,
    summary: 'Create a role out of permissions that you hold.',
    access: 'roles.write',
    body: jsonBody(
      z.strictObject({
        name: newRoleName,
        description: description.default(''),
        permissions: z.array(permission).max(Object.keys(PERMISSIONS).length).default([]),
      }),
    ),
    returns: { 201: roleSchema },
    errors: [grantExceedsOwn, identityErrors.roleNameTaken, identityErrors.rolesFull],
    async handle({ actor, body }) {
      return { status: 201, body: toRoleJson(await createRole.execute(actor, body)) };
    },
  });
}

function read({ readRole }: RoleUseCases): Route {
  return route({
    method: 'get',
    path: '/admin/roles/{name}',
    tag,
    summary: 'One role.',
    access: 'roles.read',
    params: { name: roleName },
    etag: true,
    returns: { 200: roleSchema },
    async handle({ actor, params }) {
      return { status: 200, body: toRoleJson(await readRole.execute(actor, params.name)) };
    },
  });
}

function change({ changeRole }: RoleUseCases): Route {
  return route({
    method: 'patch',
    path: '/admin/roles/{name}',
    tag,
    summary: 'Change what is said of a role.',
    access: 'roles.write',
    params: { name: roleName },
    etag: true,
    body: jsonBody(z.strictObject({ description: description.optional() })),
    returns: { 200: roleSchema },
    errors: [editExceedsOwn, builtinRole],
    async handle({ actor, params, body, ifMatch }) {
      const change = body.description === undefined ? {} : { description: body.description };
      return {
        status: 200,
        body: toRoleJson(await changeRole.execute(actor, params.name, change, ifMatch(toRoleJson))),
      };
    },
  });
}

function remove({ deleteRole }: RoleUseCases): Route {
  return route({
    method: 'delete',
    path: '/admin/roles/{name}',
    tag,
    summary: 'Delete a role that nobody holds.',
    access: 'roles.write',
    params: { name: roleName },
    returns: { 204: null },
    errors: [editExceedsOwn, builtinRole, identityErrors.roleInUse],
    async handle({ actor, params }) {
      await deleteRole.execute(actor, params.name);
      return { status: 204 };
    },
  });
}

const permitted = {
  path: '/admin/roles/{name}/permissions/{permission}',
  tag,
  access: 'roles.write',
  params: { name: roleName, permission: permissionName },
  returns: { 200: z.strictObject({ permissions: z.array(z.string()) }) },
} as const;

function attach({ changeRole }: RoleUseCases): Route {
  return route({
    ...permitted,
    method: 'put',
    summary: 'Let a role permit something that you may do yourself. Holds from the next request of every holder on.',
    errors: [editExceedsOwn, grantExceedsOwn, builtinRole],
    async handle({ actor, params: { name, permission } }) {
      const { permissions } = await changeRole.execute(actor, name, { attach: permission }, null);
      return { status: 200, body: { permissions } };
    },
  });
}

function detach({ changeRole }: RoleUseCases): Route {
  return route({
    ...permitted,
    method: 'delete',
    summary: 'Let a role permit something no longer. Holds from the next request of every holder on.',
    errors: [editExceedsOwn, builtinRole],
    async handle({ actor, params: { name, permission } }) {
      const { permissions } = await changeRole.execute(actor, name, { detach: permission }, null);
      return { status: 200, body: { permissions } };
    },
  });
}

const PERMISSION_NAMES = Object.keys(PERMISSIONS).toSorted() as Permission[];
const permissionSchema = z.strictObject({ name: z.string(), description: z.string() }).meta({ id: 'Permission' });

function permissions(): Route {
  return route({
    method: 'get',
    path: '/admin/permissions',
    tag,
    summary: 'Everything that can be permitted, by name. The list is the code’s own.',
    access: 'roles.read',
    query: z.strictObject({ limit, cursor }),
    returns: { 200: pageOf(permissionSchema) },
    errors: [httpErrors.malformedCursor],
    async handle({ query: { limit, cursor } }) {
      const from = decodeCursor(cursor, permission);
      const range = from === undefined ? { limit } : { limit, cursor: from };
      const { items, next } = pageOfAll(PERMISSION_NAMES, range, String, (name, last) => name > last);
      const listed = items.map((name) => ({ name, description: PERMISSIONS[name] }));
      return { status: 200, body: { items: listed, next_cursor: next && encodeCursor(next) } };
    },
  });
}

const rolesSchema = z.strictObject({ roles: z.array(z.string()) });

function assign({ assignRole }: RoleUseCases): Route {
  return route({
    method: 'post',
    path: '/admin/users/{id}/roles',
    tag,
    summary: 'Give a user a role. Again is fine.',
    access: 'roles.assign',
    params: { id: user },
    body: jsonBody(z.strictObject({ role: text(1, 64) })),
    returns: { 200: rolesSchema },
    errors: [identityErrors.roleNotFound, editExceedsOwn, grantExceedsOwn, identityErrors.userRolesFull],
    async handle({ actor, params, body }) {
      return { status: 200, body: { roles: await assignRole.execute(actor, params.id, body.role) } };
    },
  });
}

function revoke({ revokeRole }: RoleUseCases): Route {
  return route({
    method: 'delete',
    path: '/admin/users/{id}/roles/{role}',
    tag,
    summary: 'Take a role from a user. Again is fine.',
    access: 'roles.assign',
    params: { id: user, role: roleName },
    returns: { 200: rolesSchema },
    errors: [editExceedsOwn, lastAdmin],
    async handle({ actor, params }) {
      return { status: 200, body: { roles: await revokeRole.execute(actor, params.id, params.role) } };
    },
  });
}
