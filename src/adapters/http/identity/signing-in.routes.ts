/** Signing in and out, and who am I. */
import { z } from 'zod';
import type { Credential } from '#application/identity/authentication.ts';
import type { SignIn } from '#application/identity/sessions/sign-in.ts';
import type { SignOut } from '#application/identity/sessions/sign-out.ts';
import { identityErrors } from '#domain/identity/errors.ts';
import { PERMISSIONS } from '#domain/identity/permissions.ts';
import { jsonBody } from '../declaration/body.ts';
import { text } from '../declaration/input.ts';
import { type Route, route } from '../declaration/route.ts';
import { presentedTokenSchema, toPresentedTokenJson } from './api-tokens.schemas.ts';
import { password } from './passwords.schemas.ts';
import { sessionSchema, toSessionJson } from './sessions.schemas.ts';
import { toUserJson, userSchema } from './users.schemas.ts';

export type SigningInUseCases = Readonly<{ signIn: SignIn; signOut: SignOut }>;

export function signingInRoutes(useCases: SigningInUseCases): Route[] {
  return [me(), signIn(useCases), signOut(useCases)];
}

function signIn({ signIn }: SigningInUseCases): Route {
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

function signOut({ signOut }: SigningInUseCases): Route {
  return route({
    method: 'post',
    path: '/auth/logout',
    tag: 'Auth',
    summary: 'End this session. Answers the same without one.',
    access: 'public',
    returns: { 204: null },
    async handle({ actor, client }) {
      await signOut.execute(actor, client.sessionSecret);
      // Beside a token a cookie counts for nothing: its session goes on, so it is not taken from its owner either.
      return { status: 204, ...(client.sessionSecret === null ? {} : { cookie: 'clear' }) };
    },
  });
}

/** Has nothing to look up: whom a request is from was found out before it came here. */
function me(): Route {
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
    async handle({ actor: { permissions }, user, credential }) {
      const body = { user: toUserJson(user), roles: user.roles, permissions, ...toCredentialJson(credential) };
      return { status: 200, body };
    },
  });
}

/** What the actor came with; through a token they may do less than their roles allow. */
function toCredentialJson({ session, token }: Credential) {
  if (session !== null) return { session: toSessionJson(session, true) };
  return token === null ? {} : { token: toPresentedTokenJson(token) };
}
