/** Signing in and out, who am I, and the administration of users. */
import { z } from 'zod';
import type { Credential } from '#application/identity/authentication.ts';
import type { ReadMe } from '#application/identity/sessions/read-me.ts';
import type { SignIn } from '#application/identity/sessions/sign-in.ts';
import type { SignOut } from '#application/identity/sessions/sign-out.ts';
import type { CreatedUser, CreateUser } from '#application/identity/users/create-user.ts';
import { identityErrors } from '#domain/identity/errors.ts';
import { PERMISSIONS } from '#domain/identity/permissions.ts';
import { jsonBody } from '../declaration/body.ts';
import { text } from '../declaration/input.ts';
import { type Route, route } from '../declaration/route.ts';
import { displayName, email, password, username } from './fields.ts';
import {
  passwordLinkSchema,
  presentedTokenSchema,
  sessionSchema,
  toPasswordLinkJson,
  toPresentedTokenJson,
  toSessionJson,
  toUserJson,
  userSchema,
} from './schemas.ts';

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
    body: jsonBody(z.strictObject({ login: text(1, 254), password })),
    returns: { 200: z.strictObject({ user: userSchema, session: sessionSchema }) },
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
        body: { user: toUserJson(user), session: toSessionJson(session, true) },
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
        user: userSchema,
        roles: z.array(z.string()),
        permissions: z.array(z.enum(Object.keys(PERMISSIONS) as [string, ...string[]])),
        session: sessionSchema.optional(),
        token: presentedTokenSchema.optional(),
      }),
    },
    async handle({ actor, credential }) {
      const user = await readMe.execute(actor);
      const { permissions } = actor;
      return {
        status: 200,
        body: { user: toUserJson(user), roles: user.roles, permissions, ...toCredentialJson(credential) },
      };
    },
  });
}

/** What the actor came with; through a token he may do less than his roles allow. */
function toCredentialJson({ session, token }: Credential) {
  if (session !== null) return { session: toSessionJson(session, true) };
  return token === null ? {} : { token: toPresentedTokenJson(token) };
}

/** The link appears once; the answer that is given again has none. */
function toCreatedJson({ user, passwordLink }: CreatedUser, ownOrigin: string) {
  return {
    ...toUserJson(user),
    ...(passwordLink === null ? {} : { password_link: toPasswordLinkJson(passwordLink, ownOrigin) }),
  };
}

function createUser({ createUser }: IdentityUseCases): Route {
  return route({
    method: 'post',
    path: '/admin/users',
    tag: 'Administration',
    summary: 'Create a user, with a password or a link to set one. Roles other than "player" also need `roles.assign`.',
    access: 'users.write',
    body: jsonBody(
      z.strictObject({
        email,
        username: username.optional(),
        display_name: displayName,
        password: password.optional(),
        roles: z.array(text(1, 64)).min(1).max(20).optional(),
      }),
    ),
    idempotent: true,
    returns: { 201: userSchema.extend({ password_link: passwordLinkSchema.optional() }).meta({ id: 'NewUser' }) },
    errors: [
      identityErrors.emailTaken,
      identityErrors.usernameTaken,
      identityErrors.passwordRejected,
      identityErrors.roleNotFound,
      identityErrors.grantExceedsOwn,
      identityErrors.hashingBusy,
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
        storeResponse((user) => ({ status: 201, body: toUserJson(user) })),
      );
      return { status: 201, body: toCreatedJson(created, client.ownOrigin) };
    },
  });
}
