/** A user's API tokens. */
import { z } from 'zod';
import type { EndApiTokens } from '#application/identity/api-tokens/end-api-tokens.ts';
import type { IssueApiToken } from '#application/identity/api-tokens/issue-api-token.ts';
import type { ListApiTokens } from '#application/identity/api-tokens/list-api-tokens.ts';
import type { RevokeApiToken } from '#application/identity/api-tokens/revoke-api-token.ts';
import type { RotateApiToken } from '#application/identity/api-tokens/rotate-api-token.ts';
import { type ApiToken, TOKEN_MAX_GRACE_SECONDS, TOKEN_MAX_SECONDS } from '#domain/identity/api-token.ts';
import { identityErrors } from '#domain/identity/errors.ts';
import { PERMISSIONS, type Permission } from '#domain/identity/permissions.ts';
import { workspaceNotFound } from '#domain/shared/workspace-rights.ts';
import { jsonBody } from '../declaration/body.ts';
import { httpErrors } from '../declaration/http-errors.ts';
import { bodyId, cursor, limit, pathId, text } from '../declaration/input.ts';
import { pageOf } from '../declaration/output.ts';
import { type Route, route } from '../declaration/route.ts';
import { timeCursor } from '../declaration/time-cursor.ts';
import { issuedTokenSchema, toIssuedJson, toIssuedTokenJson, tokenSchema, toTokenJson } from './api-tokens.schemas.ts';

export type ApiTokenUseCases = Readonly<{
  issueApiToken: IssueApiToken;
  listApiTokens: ListApiTokens;
  revokeApiToken: RevokeApiToken;
  rotateApiToken: RotateApiToken;
  endApiTokens: EndApiTokens;
}>;

const scope = z.enum(Object.keys(PERMISSIONS) as [Permission, ...Permission[]]);
const token = { id: pathId('apiToken', identityErrors.tokenNotFound) };
const tokenCursor = timeCursor(token.id.schema);

export function apiTokenRoutes(useCases: ApiTokenUseCases): Route[] {
  return [issue(useCases), list(useCases), revoke(useCases), rotate(useCases), endOthers(useCases)];
}

function issue({ issueApiToken }: ApiTokenUseCases): Route {
  return route({
    method: 'post',
    path: '/auth/tokens',
    tag: 'Auth',
    summary: 'Issue an API token for a part of what I may do, for 90 days unless told.',
    access: 'session',
    body: jsonBody(
      z.strictObject({
        name: text(1, 100),
        scopes: z.array(scope).min(1).max(100),
        workspace_id: bodyId('workspace')
          .optional()
          .describe('The only workspace in which it is to act; all, unless told.'),
        expires_in_seconds: z.int().min(1).max(TOKEN_MAX_SECONDS).optional(),
      }),
    ),
    idempotent: true,
    returns: { 201: issuedTokenSchema },
    errors: [
      identityErrors.scopesOutsideWorkspace,
      identityErrors.grantExceedsOwn,
      identityErrors.tokensFull,
      workspaceNotFound,
    ],
    async handle({ actor, body, credential, storeResponse }) {
      const { name, scopes, workspace_id: workspaceId, expires_in_seconds: expiresInSeconds } = body;
      const sessionEpoch = credential.session?.epoch ?? null;
      const lifetime = expiresInSeconds === undefined ? {} : { expiresInSeconds };
      const input = { name, scopes, workspaceId, sessionEpoch, ...lifetime };
      const stored = storeResponse((issued: ApiToken) => ({ status: 201, body: toIssuedJson(issued) }));
      return { status: 201, body: toIssuedTokenJson(await issueApiToken.execute(actor, input, stored)) };
    },
  });
}

function list({ listApiTokens }: ApiTokenUseCases): Route {
  return route({
    method: 'get',
    path: '/auth/tokens',
    tag: 'Auth',
    summary: 'My API tokens, ended ones too, the newest first.',
    access: 'session',
    query: z.strictObject({ limit, cursor }),
    returns: { 200: pageOf(tokenSchema) },
    errors: [httpErrors.malformedCursor],
    async handle({ actor, query }) {
      const { items, next } = await listApiTokens.execute(actor, tokenCursor.decode(query));
      return { status: 200, body: { items: items.map(toTokenJson), next_cursor: tokenCursor.encode(next) } };
    },
  });
}

function revoke({ revokeApiToken }: ApiTokenUseCases): Route {
  return route({
    method: 'delete',
    path: '/auth/tokens/{id}',
    tag: 'Auth',
    summary: 'Revoke one of my API tokens; it stays in the list.',
    access: 'session',
    params: token,
    returns: { 204: null },
    async handle({ actor, params }) {
      await revokeApiToken.execute(actor, params.id);
      return { status: 204 };
    },
  });
}

function rotate({ rotateApiToken }: ApiTokenUseCases): Route {
  return route({
    method: 'post',
    path: '/auth/tokens/{id}/rotate',
    tag: 'Auth',
    summary: 'Replace one of my API tokens; the old one ends at once, or after a grace of at most seven days.',
    access: 'session',
    params: token,
    body: jsonBody(z.strictObject({ grace_seconds: z.int().min(0).max(TOKEN_MAX_GRACE_SECONDS).optional() }), {
      optional: true,
    }),
    returns: { 201: issuedTokenSchema },
    errors: [identityErrors.grantExceedsOwn, identityErrors.tokenEnded, identityErrors.tokensFull],
    async handle({ actor, params, body, credential }) {
      const sessionEpoch = credential.session?.epoch ?? null;
      const rotation = { id: params.id, graceSeconds: body.grace_seconds ?? 0, sessionEpoch };
      return { status: 201, body: toIssuedTokenJson(await rotateApiToken.execute(actor, rotation)) };
    },
  });
}

function endOthers({ endApiTokens }: ApiTokenUseCases): Route {
  return route({
    method: 'delete',
    path: '/admin/users/{id}/tokens',
    tag: 'Administration',
    summary: 'Revoke all API tokens of a user; their sessions go on.',
    access: 'sessions.revoke',
    params: { id: pathId('user', identityErrors.userNotFound) },
    returns: { 204: null },
    async handle({ actor, params }) {
      await endApiTokens.execute(actor, params.id);
      return { status: 204 };
    },
  });
}
