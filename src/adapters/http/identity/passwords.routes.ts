/** Passwords, and the links to set them. */
import { z } from 'zod';
import type { ChangePassword } from '#application/identity/passwords/change-password.ts';
import type { MakePasswordLink } from '#application/identity/passwords/make-password-link.ts';
import type { SetPassword } from '#application/identity/passwords/set-password.ts';
import { identityErrors } from '#domain/identity/errors.ts';
import { jsonBody } from '../declaration/body.ts';
import { pathId, text } from '../declaration/input.ts';
import { type Route, route } from '../declaration/route.ts';
import { endsTokens, password, passwordLinkSchema, toPasswordLinkJson } from './passwords.schemas.ts';

export type PasswordUseCases = Readonly<{
  changePassword: ChangePassword;
  setPassword: SetPassword;
  makePasswordLink: MakePasswordLink;
}>;

const { passwordRejected, hashingBusy } = identityErrors;

export function passwordRoutes(useCases: PasswordUseCases): Route[] {
  return [change(useCases), set(useCases), makeLink(useCases)];
}

function change({ changePassword }: PasswordUseCases): Route {
  return route({
    method: 'post',
    path: '/auth/password',
    tag: 'Auth',
    summary: 'Change my password, or set a first one; ends my other sessions, and my API tokens where told to.',
    access: 'session',
    body: jsonBody(
      z.strictObject({
        current_password: password.optional(),
        new_password: password,
        tokens: endsTokens,
      }),
    ),
    returns: { 204: null },
    errors: [identityErrors.passwordWrong, identityErrors.signInDelayed, passwordRejected, hashingBusy],
    async handle({ actor, body, client }) {
      await changePassword.execute(actor, {
        currentPassword: body.current_password ?? null,
        newPassword: body.new_password,
        address: client.address,
        tokens: body.tokens ?? false,
      });
      return { status: 204 };
    },
  });
}

function set({ setPassword }: PasswordUseCases): Route {
  return route({
    method: 'post',
    path: '/auth/password/set',
    tag: 'Auth',
    summary: 'Set a password by a link from an admin, once; ends all sessions and API tokens of the user.',
    access: 'public',
    body: jsonBody(z.strictObject({ code: text(1, 200), new_password: password })),
    returns: { 204: null },
    errors: [identityErrors.passwordLinkNotFound, identityErrors.passwordLinkEnded, passwordRejected, hashingBusy],
    async handle({ body, client }) {
      const origin = { ip: client.ip, requestId: client.requestId };
      await setPassword.execute({ code: body.code, newPassword: body.new_password, origin });
      return { status: 204 };
    },
  });
}

function makeLink({ makePasswordLink }: PasswordUseCases): Route {
  return route({
    method: 'post',
    path: '/admin/users/{id}/password-link',
    tag: 'Administration',
    summary: 'Make a link by which a user sets a password within 24 hours; earlier ones end.',
    access: 'users.write',
    params: { id: pathId('user', identityErrors.userNotFound) },
    returns: { 201: passwordLinkSchema },
    errors: [identityErrors.editExceedsOwn],
    async handle({ actor, params, client }) {
      return {
        status: 201,
        body: toPasswordLinkJson(await makePasswordLink.execute(actor, params.id), client.ownOrigin),
      };
    },
  });
}
