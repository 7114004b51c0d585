/** Signing in and out, who am I, and the administration of users. */
import { z } from 'zod';
import type { CreatedUser, CreateUser } from '#application/identity/create-user.ts';
import type { Presented } from '#application/identity/identified.ts';
import type { ReadMe } from '#application/identity/read-me.ts';
import type { SignIn } from '#application/identity/sign-in.ts';
import type { SignOut } from '#application/identity/sign-out.ts';
import { identityErrors } from '#domain/identity/errors.ts';
import { PERMISSIONS } from '#domain/identity/permissions.ts';
import { displayName, email, password, username } from './identity.fields.ts';
import {
  passwordLinkShape,
  presentedTokenShape,
  sessionShape,
  showPasswordLink,
  showPresentedToken,
  showSession,
  showUser,
  userShape,
} from './identity.shapes.ts';
import { text } from './input.ts';
import { type Route, route } from './route.ts';

export type IdentityUseCases = Readonly<{ signIn: SignIn; signOut: SignOut; readMe: ReadMe; createUser: CreateUser }>;

export function identityRoutes(useCases: IdentityUseCases): Route[] {
  return [me(useCases), signIn(useCases), signOut(useCases), createUser(useCases)];
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
    errors: [identityErrors.signInFailed, identityErrors.signInDelayed, identityErrors.hashingBusy],
    async handle({ body, client }) {
      const { user, session, secret } = await signIn.execute({
        ...body,
        origin: { ip: client.ip, requestId: client.requestId },
        address: client.address,
        userAgent: client.userAgent,
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
        token: presentedTokenShape.optional(),
      }),
    },
    async handle({ actor, presented }) {
      const user = await readMe.execute(actor);
      const { permissions } = actor;
      return {
        status: 200,
        body: { user: showUser(user), roles: user.roles, permissions, ...showPresented(presented) },
      };
    },
  });
}

/** What the actor came with; through a token he may do less than his roles allow. */
function showPresented({ session, token }: Presented) {
  if (session !== null) return { session: showSession(session, true) };
  return token === null ? {} : { token: showPresentedToken(token) };
}

/** The link appears once; the answer that is given again has none. */
function showCreated({ user, passwordLink }: CreatedUser, ownOrigin: string) {
  return {
    ...showUser(user),
    ...(passwordLink === null ? {} : { password_link: showPasswordLink(passwordLink, ownOrigin) }),
  };
}

function createUser({ createUser }: IdentityUseCases): Route {
  return route({
    method: 'post',
    path: '/admin/users',
    tag: 'Administration',
    summary: 'Create a user, with a password or a link to set one. Roles other than "player" also need `roles.assign`.',
    access: 'users.write',
    body: z.strictObject({
      email,
      username: username.optional(),
      display_name: displayName,
      password: password.optional(),
      roles: z.array(text(1, 64)).min(1).max(20).optional(),
    }),
    idempotent: true,
    returns: { 201: userShape.extend({ password_link: passwordLinkShape.optional() }).meta({ id: 'NewUser' }) },
    errors: [
      identityErrors.emailTaken,
      identityErrors.usernameTaken,
      identityErrors.passwordRejected,
      identityErrors.roleNotFound,
      identityErrors.grantExceedsOwn,
      identityErrors.hashingBusy,
    ],
    async handle({ actor, body, client, once }) {
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
        once((user) => ({ status: 201, body: showUser(user) })),
      );
      return { status: 201, body: showCreated(created, client.ownOrigin) };
    },
  });
}
