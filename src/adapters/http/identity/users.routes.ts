/** The administration of users, and of the roles that they hold. */
import { z } from 'zod';
import type { AssignRole } from '#application/identity/roles/assign-role.ts';
import type { RevokeRole } from '#application/identity/roles/revoke-role.ts';
import type { ChangeUser } from '#application/identity/users/change-user.ts';
import type { DeleteUser } from '#application/identity/users/delete-user.ts';
import type { ListUsers } from '#application/identity/users/list-users.ts';
import type { ReadUser } from '#application/identity/users/read-user.ts';
import { gameErrors } from '#domain/games/errors.ts';
import { identityErrors } from '#domain/identity/errors.ts';
import { jsonBody } from '../declaration/body.ts';
import { httpErrors } from '../declaration/http-errors.ts';
import { cursor, decodeCursor, encodeCursor, limit, pathId, text } from '../declaration/input.ts';
import { pageOf } from '../declaration/output.ts';
import { type Route, route } from '../declaration/route.ts';
import { displayName, email, username } from './fields.ts';
import { roleName } from './role-fields.ts';
import { toUserJson, userSchema } from './schemas.ts';

export type UserUseCases = Readonly<{
  listUsers: ListUsers;
  readUser: ReadUser;
  changeUser: ChangeUser;
  deleteUser: DeleteUser;
  assignRole: AssignRole;
  revokeRole: RevokeRole;
}>;

const tag = 'Administration';
const id = pathId('user', identityErrors.userNotFound);
const { editExceedsOwn, grantExceedsOwn, lastAdmin, emailTaken, usernameTaken } = identityErrors;

export function userRoutes(useCases: UserUseCases): Route[] {
  return [list(useCases), read(useCases), change(useCases), remove(useCases), assign(useCases), revoke(useCases)];
}

function list({ listUsers }: UserUseCases): Route {
  return route({
    method: 'get',
    path: '/admin/users',
    tag,
    summary: 'All users, newest first.',
    access: 'users.read',
    query: z.strictObject({
      limit,
      cursor,
      query: text(1, 200).exactOptional().describe('Part of an e-mail address, a username or a display name.'),
      role: text(1, 64).exactOptional(),
      status: z.enum(['active', 'disabled']).exactOptional(),
    }),
    returns: { 200: pageOf(userSchema) },
    errors: [httpErrors.malformedCursor],
    async handle({ actor, query: { limit, cursor, ...filter } }) {
      const from = decodeCursor(cursor, id.schema);
      const page = await listUsers.execute(actor, filter, { limit, ...(from === undefined ? {} : { cursor: from }) });
      const next = page.next && encodeCursor(page.next);
      return { status: 200, body: { items: page.items.map(toUserJson), next_cursor: next } };
    },
  });
}

function read({ readUser }: UserUseCases): Route {
  return route({
    method: 'get',
    path: '/admin/users/{id}',
    tag,
    summary: 'One user.',
    access: 'users.read',
    params: { id },
    etag: true,
    returns: { 200: userSchema },
    async handle({ actor, params }) {
      return { status: 200, body: toUserJson(await readUser.execute(actor, params.id)) };
    },
  });
}

function change({ changeUser }: UserUseCases): Route {
  return route({
    method: 'patch',
    path: '/admin/users/{id}',
    tag,
    summary: 'Change a user. Disabling one ends his sessions and tokens at once.',
    access: 'users.write',
    params: { id },
    etag: true,
    body: jsonBody(
      z.strictObject({
        email: email.exactOptional(),
        username: username.nullable().exactOptional(),
        display_name: displayName.optional(),
        status: z.enum(['active', 'disabled']).exactOptional(),
      }),
    ),
    returns: { 200: userSchema },
    errors: [editExceedsOwn, emailTaken, usernameTaken, lastAdmin],
    async handle({ actor, params, body, ifMatch }) {
      const { display_name, ...named } = body;
      const change = { ...named, ...(display_name === undefined ? {} : { displayName: display_name }) };
      return {
        status: 200,
        body: toUserJson(await changeUser.execute(actor, params.id, change, ifMatch(toUserJson))),
      };
    },
  });
}

function remove({ deleteUser }: UserUseCases): Route {
  return route({
    method: 'delete',
    path: '/admin/users/{id}',
    tag,
    summary: 'Delete a user, with all that is only his. What he said to others stays, without his name.',
    access: 'users.write',
    params: { id },
    returns: { 204: null },
    errors: [editExceedsOwn, lastAdmin, gameErrors.lastGm],
    async handle({ actor, params }) {
      await deleteUser.execute(actor, params.id);
      return { status: 204 };
    },
  });
}

const rolesSchema = z.strictObject({ roles: z.array(z.string()) });

function assign({ assignRole }: UserUseCases): Route {
  return route({
    method: 'post',
    path: '/admin/users/{id}/roles',
    tag,
    summary: 'Give a user a role. Again is fine.',
    access: 'roles.assign',
    params: { id },
    body: jsonBody(z.strictObject({ role: text(1, 64) })),
    returns: { 200: rolesSchema },
    errors: [identityErrors.roleNotFound, editExceedsOwn, grantExceedsOwn],
    async handle({ actor, params, body }) {
      return { status: 200, body: { roles: await assignRole.execute(actor, params.id, body.role) } };
    },
  });
}

function revoke({ revokeRole }: UserUseCases): Route {
  return route({
    method: 'delete',
    path: '/admin/users/{id}/roles/{role}',
    tag,
    summary: 'Take a role from a user. Again is fine.',
    access: 'roles.assign',
    params: { id, role: roleName },
    returns: { 200: rolesSchema },
    errors: [editExceedsOwn, lastAdmin],
    async handle({ actor, params }) {
      return { status: 200, body: { roles: await revokeRole.execute(actor, params.id, params.role) } };
    },
  });
}
