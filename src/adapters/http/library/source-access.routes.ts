/** Licences to sources: who has them, giving them, taking them back. */
import { z } from 'zod';
import type { GrantSourceAccess } from '#application/library/grant-source-access.ts';
import type { ListSourceAccess } from '#application/library/list-source-access.ts';
import type { RevokeSourceAccess } from '#application/library/revoke-source-access.ts';
import { cipherErrors } from '#application/shared/cipher.ts';
import { identityErrors } from '#domain/identity/errors.ts';
import { libraryErrors } from '#domain/library/errors.ts';
import { ACCESS_TYPES } from '#domain/library/source-access.ts';
import { jsonBody } from '../declaration/body.ts';
import { httpErrors } from '../declaration/http-errors.ts';
import { cursor, limit, pathId, text } from '../declaration/input.ts';
import { pageOf, time } from '../declaration/output.ts';
import { type Route, route } from '../declaration/route.ts';
import { timeCursor } from '../declaration/time-cursor.ts';
import { accessSchema, toAccessJson } from './schemas.ts';

export type SourceAccessUseCases = Readonly<{
  listSourceAccess: ListSourceAccess;
  grantSourceAccess: GrantSourceAccess;
  revokeSourceAccess: RevokeSourceAccess;
}>;

const tag = 'Library';
const access = 'sources.grant';
const source = pathId('source', libraryErrors.sourceNotFound);
const user = pathId('user', identityErrors.userNotFound);
const accessCursor = timeCursor(user.schema);

export function sourceAccessRoutes(useCases: SourceAccessUseCases): Route[] {
  return [listSourceAccess(useCases), grantSourceAccess(useCases), revokeSourceAccess(useCases)];
}

function listSourceAccess({ listSourceAccess }: SourceAccessUseCases): Route {
  return route({
    method: 'get',
    path: '/sources/{id}/access',
    tag,
    summary: 'Who has a licence to a source, the newest first. Whether it holds now is told by its dates.',
    access,
    params: { id: source },
    query: z.strictObject({ limit, cursor }),
    returns: { 200: pageOf(accessSchema) },
    errors: [httpErrors.malformedCursor],
    async handle({ actor, params, query }) {
      const { items, next } = await listSourceAccess.execute(actor, params.id, accessCursor.decode(query));
      const shown = items.map(({ access, licenseKey }) => toAccessJson(access, licenseKey));
      return { status: 200, body: { items: shown, next_cursor: accessCursor.encode(next) } };
    },
  });
}

function grantSourceAccess({ grantSourceAccess }: SourceAccessUseCases): Route {
  return route({
    method: 'put',
    path: '/sources/{id}/access/{user_id}',
    tag,
    summary: 'Give a user a licence, or replace the one that they have. A trial is given once.',
    access,
    params: { id: source, user_id: user },
    body: jsonBody(
      z.strictObject({
        type: z.enum(ACCESS_TYPES),
        valid_from: time.optional(),
        expires_at: time.nullable().optional(),
        license_key: text(1, 500).nullable().optional(),
      }),
    ),
    returns: { 200: accessSchema },
    errors: [
      libraryErrors.trialNeedsExpiry,
      libraryErrors.accessPeriodEmpty,
      libraryErrors.trialUsed,
      cipherErrors.encryptionNotConfigured,
    ],
    async handle({ actor, params, body }) {
      const licenseKey = body.license_key ?? null;
      const granted = await grantSourceAccess.execute(actor, params.id, params.user_id, {
        type: body.type,
        validFrom: body.valid_from === undefined ? null : new Date(body.valid_from),
        expiresAt: body.expires_at == null ? null : new Date(body.expires_at),
        licenseKey,
      });
      return { status: 200, body: toAccessJson(granted, licenseKey) };
    },
  });
}

function revokeSourceAccess({ revokeSourceAccess }: SourceAccessUseCases): Route {
  return route({
    method: 'delete',
    path: '/sources/{id}/access/{user_id}',
    tag,
    summary: 'Take a licence back. A trial stays used.',
    access,
    params: { id: source, user_id: user },
    returns: { 204: null },
    errors: [libraryErrors.accessNotFound],
    async handle({ actor, params }) {
      await revokeSourceAccess.execute(actor, params.id, params.user_id);
      return { status: 204 };
    },
  });
}
