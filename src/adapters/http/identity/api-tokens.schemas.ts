/** How API tokens look to clients. */
import { z } from 'zod';
import type { IssuedApiToken } from '#application/identity/api-tokens/issue-api-token.ts';
import type { ApiToken } from '#domain/identity/api-token.ts';
import { time } from '../declaration/output.ts';

export const tokenSchema = z
  .strictObject({
    id: z.string(),
    name: z.string(),
    prefix: z.string(),
    scopes: z.array(z.string()),
    workspace_id: z.string().nullable().describe('The only workspace in which it acts; null: all of mine.'),
    created_at: time,
    last_used_at: time.nullable(),
    usage_count: z.number().int(),
    expires_at: time,
    revoked_at: time.nullable(),
  })
  .meta({ id: 'ApiToken' });

/** `token` appears once. */
export const issuedTokenSchema = z.strictObject({
  id: z.string(),
  name: z.string(),
  token: z.string(),
  scopes: z.array(z.string()),
  workspace_id: z.string().nullable(),
  expires_at: time,
});

/** The token that a request came with: what does not change from use to use. */
export const presentedTokenSchema = tokenSchema.pick({
  id: true,
  name: true,
  prefix: true,
  scopes: true,
  workspace_id: true,
  expires_at: true,
});

export function toTokenJson(token: ApiToken): z.input<typeof tokenSchema> {
  return {
    ...toPresentedTokenJson(token),
    created_at: token.createdAt.toISOString(),
    last_used_at: token.lastUsedAt?.toISOString() ?? null,
    usage_count: token.usageCount,
    revoked_at: token.revokedAt?.toISOString() ?? null,
  };
}

export function toPresentedTokenJson(token: ApiToken): z.input<typeof presentedTokenSchema> {
  const { id, name, prefix, scopes, workspaceId: workspace_id } = token;
  return { id, name, prefix, scopes: [...scopes], workspace_id, expires_at: token.expiresAt.toISOString() };
}

/** What stands beside the secret. */
export function toIssuedJson({
  id,
  name,
  scopes,
  workspaceId,
  expiresAt,
}: ApiToken): Omit<z.input<typeof issuedTokenSchema>, 'token'> {
  return { id, name, scopes: [...scopes], workspace_id: workspaceId, expires_at: expiresAt.toISOString() };
}

export function toIssuedTokenJson({ token, secret }: IssuedApiToken): z.input<typeof issuedTokenSchema> {
  return { ...toIssuedJson(token), token: secret };
}
