/** Signing in and out, who am I, and the administration of users. */
import { z } from 'zod';
import type { CreateUser } from '#application/identity/create-user.ts';
import type { ReadMe } from '#application/identity/read-me.ts';
import type { SignIn } from '#application/identity/sign-in.ts';
import type { SignOut } from '#application/identity/sign-out.ts';
import { identityErrors } from '#domain/identity/errors.ts';
import { PERMISSIONS } from '#domain/identity/permissions.ts';
import type { User } from '#domain/identity/user.ts';
import { sessionShape, showSession, showUser, userShape } from './identity.shapes.ts';
import { text } from './input.ts';
import { type Route, route } from './route.ts';

export type IdentityUseCases = Readonly<{ signIn: SignIn; signOut: SignOut; readMe: ReadMe; createUser: CreateUser }>;

const email = z.email().max(254);
const username = text(1, 64).regex(/^[^@\s]+$/, 'must have no space and no "@"');
const password = text(1, 1_000);

export function identityRoutes(useCases: IdentityUseCases): Route[] {
  return [signIn(useCases), signOut(useCases), me(useCases), createUser(useCases)];
}

function signIn({ signIn }: IdentityUseCases): Route {
  return route({
    method: 'post',
    path: '/auth/login',
    tag: 'Auth',
    summary: 'Sign in. Ends the session that the request carried and begins a new one.',
    access: 'public',
    body: z.strictObject({ login: text(1, 254), password }),
    returns: { 200: z.strictObject({ user: userShape, session: sessionShape }) },
    errors: [identityErrors.signInFailed, identityErrors.hashingBusy],
    async handle({ body, client }) {
      const { user, session, secret } = await signIn.execute({
        ...body,
        ...client,
        presentedSecret: client.sessionSecret,
      });
      return {
        status: 200,
        body: { user: showUser(user), session: showSession(session, true) },
        cookie: { secret, expiresAt: session.absoluteEndAt },
      };
    },
  });
}

function signOut({ signOut }: IdentityUseCases): Route {
  return route({
    method: 'post',
    path: '/auth/logout',
    tag: 'Auth',
    summary: 'End this session. Answers the same without one.',
    access: 'public',
    returns: { 204: null },
    async handle({ client }) {
      await signOut.execute(client.sessionSecret);
      return { status: 204, cookie: 'clear' };
    },
  });
}

function me({ readMe }: IdentityUseCases): Route {
  return route({
    method: 'get',
    path: '/auth/me',
    tag: 'Auth',
    summary: 'Who am I?',
    access: 'signed_in',
    returns: {
      200: z.strictObject({
        user: userShape,
        roles: z.array(z.string()),
        permissions: z.array(z.enum(Object.keys(PERMISSIONS) as [string, ...string[]])),
        session: sessionShape.optional(),
      }),
    },
    async handle({ actor, client }) {
      const { user, permissions, session } = await readMe.execute(actor, client.sessionSecret);
      return {
        status: 200,
        body: {
          user: showUser(user),
          roles: user.roles,
          permissions,
          ...(session === null ? {} : { session: showSession(session, true) }),
        },
      };
    },
  });
}

function createUser({ createUser }: IdentityUseCases): Route {
  const reply = (user: User) => ({ status: 201, body: showUser(user) });
  return route({
    method: 'post',
    path: '/admin/users',
    tag: 'Administration',
    summary: 'Create a user. Roles other than "player" also need `roles.assign`.',
    access: 'users.write',
    body: z.strictObject({
      email,
      username: username.optional(),
      display_name: text(1, 100),
      password,
      roles: z.array(text(1, 64)).min(1).max(20).optional(),
    }),
    idempotent: true,
    returns: { 201: userShape },
    errors: [
      identityErrors.emailTaken,
      identityErrors.usernameTaken,
      identityErrors.passwordRejected,
      identityErrors.roleNotFound,
      identityErrors.grantExceedsOwn,
      identityErrors.hashingBusy,
    ],
    async handle({ actor, body, once }) {
      const input = {
        email: body.email,
        username: body.username ?? null,
        displayName: body.display_name,
        password: body.password,
        ...(body.roles === undefined ? {} : { roles: body.roles }),
      };
      return reply(await createUser.execute(actor, input, once(reply)));
    },
  });
}
