/** How sources and licences look to clients. */
import { z } from 'zod';
import type { Source } from '#domain/library/source.ts';
import { ACCESS_TYPES, type ReadableSource, type SourceAccess } from '#domain/library/source-access.ts';
import { time } from '../declaration/output.ts';

export const sourceSchema = z
  .strictObject({
    id: z.string(),
    workspace_id: z.string(),
    title: z.string(),
    publisher: z.string().nullable(),
    edition: z.string().nullable(),
    description: z.string().nullable(),
    included: z.boolean().describe('Whether every member of its workspace may read it.'),
    created_at: time,
  })
  .meta({ id: 'Source' });

export const readableSourceSchema = sourceSchema
  .extend({ type: z.enum(ACCESS_TYPES), expires_at: time.nullable() })
  .meta({ id: 'ReadableSource' });

export const accessSchema = z
  .strictObject({
    source_id: z.string(),
    user_id: z.string(),
    type: z.enum(ACCESS_TYPES),
    valid_from: time,
    expires_at: time.nullable(),
    granted_at: time,
    has_license_key: z.boolean(),
    license_key: z.string().nullable().describe('Null where there is none, or none that a configured key opens.'),
  })
  .meta({ id: 'SourceAccess' });

export function toSourceJson(source: Source): z.input<typeof sourceSchema> {
  return {
    id: source.id,
    workspace_id: source.workspaceId,
    title: source.title,
    publisher: source.publisher,
    edition: source.edition,
    description: source.description,
    included: source.included,
    created_at: source.createdAt.toISOString(),
  };
}

export function toReadableJson({ source, type, expiresAt }: ReadableSource): z.input<typeof readableSourceSchema> {
  return { ...toSourceJson(source), type, expires_at: expiresAt?.toISOString() ?? null };
}

/** `licenseKey` is the key as it was given. */
export function toAccessJson(access: SourceAccess, licenseKey: string | null): z.input<typeof accessSchema> {
  return {
    source_id: access.sourceId,
    user_id: access.userId,
    type: access.type,
    valid_from: access.validFrom.toISOString(),
    expires_at: access.expiresAt?.toISOString() ?? null,
    granted_at: access.grantedAt.toISOString(),
    has_license_key: access.licenseKey !== null,
    license_key: licenseKey,
  };
}
