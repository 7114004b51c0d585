/** Users: their administration, and accounts that people make for themselves. */
import { z } from 'zod';
import type { ChangeOwnNames } from '#application/identity/users/change-own-names.ts';
import type { ChangeUser } from '#application/identity/users/change-user.ts';
import type { CreatedUser, CreateUser } from '#application/identity/users/create-user.ts';
import type { DeleteUser } from '#application/identity/users/delete-user.ts';
import type { ListUsers } from '#application/identity/users/list-users.ts';
import type { ReadUser } from '#application/identity/users/read-user.ts';
import type { Register } from '#application/identity/users/register.ts';
import { gameErrors } from '#domain/games/errors.ts';
import { identityErrors } from '#domain/identity/errors.ts';
import { ROLES_PER_USER } from '#domain/identity/permissions.ts';
import { workspaceErrors } from '#domain/workspaces/errors.ts';
import { jsonBody } from '../declaration/body.ts';
import { httpErrors } from '../declaration/http-errors.ts';
import { cursor, decodeCursor, encodeCursor, limit, pathId, text } from '../declaration/input.ts';
import { pageOf } from '../declaration/output.ts';
import { type Route, route } from '../declaration/route.ts';
import { password, passwordLinkSchema, toPasswordLinkJson } from './passwords.schemas.ts';
import { displayName, email, toUserJson, username, userSchema } from './users.schemas.ts';

export type UserUseCases = Readonly<{
  listUsers: ListUsers;
  createUser: CreateUser;
  readUser: ReadUser;
  changeUser: ChangeUser;
  deleteUser: DeleteUser;
  register: Register;
  changeOwnNames: ChangeOwnNames;
}>;

const tag = 'Administration';
const id = pathId('user', identityErrors.userNotFound);
const { editExceedsOwn, lastAdmin, emailTaken, usernameTaken, passwordRejected, hashingBusy } = identityErrors;
const { usernameInvalid, displayNameInvalid } = identityErrors;

export function userRoutes(useCases: UserUseCases): Route[] {
  return [
    list(useCases),
    create(useCases),
    read(useCases),
    change(useCases),
    remove(useCases),
    register(useCases),
    changeOwn(useCases),
  ];
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

/** The link appears once; the answer that is given again has none. */
function toCreatedJson({ user, passwordLink }: CreatedUser, ownOrigin: string) {
  return {
    ...toUserJson(user),
    ...(passwordLink === null ? {} : { password_link: toPasswordLinkJson(passwordLink, ownOrigin) }),
  };
}

function create({ createUser }: UserUseCases): Route {
  return route({
    method: 'post',
    path: '/admin/users',
    tag,
    summary: 'Create a user, with a password or a link to set one. Roles other than "player" also need `roles.assign`.',
    access: 'users.write',
    body: jsonBody(
      z.strictObject({
        email,
        username: username.optional(),
        display_name: displayName,
        password: password.optional(),
        roles: z.array(text(1, 64)).min(1).max(ROLES_PER_USER).optional(),
      }),
    ),
    idempotent: true,
    returns: { 201: userSchema.extend({ password_link: passwordLinkSchema.optional() }).meta({ id: 'NewUser' }) },
    errors: [
      emailTaken,
      usernameTaken,
      usernameInvalid,
      displayNameInvalid,
      passwordRejected,
      identityErrors.roleNotFound,
      identityErrors.grantExceedsOwn,
      hashingBusy,
    ],
    async handle({ actor, body, client, storeResponse }) {
      const input = {
        email: body.email,
        username: body.username ?? null,
        displayName: body.display_name,
        password: body.password ?? null,
        ...(body.roles === undefined ? {} : { roles: body.roles }),
      };
      const created = await createUser.execute(
        actor,
        input,
        storeResponse(
          (user) => ({ status: 201, body: toUserJson(user) }),
          (user) => user.id,
        ),
      );
      return { status: 201, body: toCreatedJson(created, client.ownOrigin) };
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
    summary: 'Change a user. Disabling one ends their sessions and tokens, at once and for good.',
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
    errors: [editExceedsOwn, emailTaken, usernameTaken, usernameInvalid, displayNameInvalid, lastAdmin],
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
    summary: 'Delete a user, with all that is only theirs. What they said to others stays, without their name.',
    access: 'users.write',
    params: { id },
    returns: { 204: null },
    errors: [editExceedsOwn, lastAdmin, gameErrors.lastGm, workspaceErrors.lastOwner],
    async handle({ actor, params }) {
      await deleteUser.execute(actor, params.id);
      return { status: 204 };
    },
  });
}

function register({ register }: UserUseCases): Route {
  return route({
    method: 'post',
    path: '/auth/register',
    tag: 'Auth',
    summary: 'Make an account, where registration is open.',
    access: 'public',
    body: jsonBody(z.strictObject({ email, password, display_name: displayName, username: username.optional() })),
    returns: { 201: z.strictObject({ user: userSchema }) },
    errors: [
      identityErrors.registrationClosed,
      emailTaken,
      usernameTaken,
      usernameInvalid,
      displayNameInvalid,
      passwordRejected,
      hashingBusy,
    ],
    async handle({ body, client }) {
      const user = await register.execute({
        email: body.email,
        username: body.username ?? null,
        displayName: body.display_name,
        password: body.password,
        origin: { ip: client.ip, requestId: client.requestId },
        address: client.address,
      });
      return { status: 201, body: { user: toUserJson(user) } };
    },
  });
}

function changeOwn({ changeOwnNames }: UserUseCases): Route {
  return route({
    method: 'patch',
    path: '/auth/me',
    tag: 'Auth',
    summary: 'Change what I am called.',
    access: 'session',
    body: jsonBody(
      z.strictObject({ username: username.nullable().exactOptional(), display_name: displayName.optional() }),
    ),
    returns: { 200: userSchema },
    errors: [usernameTaken, usernameInvalid, displayNameInvalid],
    async handle({ actor, body: { display_name, ...named } }) {
      const names = { ...named, ...(display_name === undefined ? {} : { displayName: display_name }) };
      return { status: 200, body: toUserJson(await changeOwnNames.execute(actor, names)) };
    },
  });
}
