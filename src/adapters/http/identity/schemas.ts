/** How users and sessions look to clients. */
import { z } from 'zod';
import type { IssuedApiToken } from '#application/identity/api-tokens/issue-api-token.ts';
import type { NewPasswordLink } from '#application/identity/passwords/password-link-codes.ts';
import type { ApiToken } from '#domain/identity/api-token.ts';
import { expiresAt, type Session } from '#domain/identity/session.ts';
import type { User } from '#domain/identity/user.ts';
import { time } from '../declaration/output.ts';

export const userSchema = z
  .strictObject({
    id: z.string(),
    email: z.string(),
    username: z.string().nullable(),
    display_name: z.string(),
    status: z.enum(['active', 'disabled']),
    roles: z.array(z.string()),
    created_at: time,
  })
  .meta({ id: 'User' });

export const sessionSchema = z
  .strictObject({
    id: z.string(),
    created_at: time,
    last_seen_at: time,
    expires_at: time,
    ip: z.string().nullable(),
    user_agent: z.string().nullable(),
    current: z.boolean(),
  })
  .meta({ id: 'Session' });

export function toUserJson(user: User): z.input<typeof userSchema> {
  return {
    id: user.id,
    email: user.email,
    username: user.username,
    display_name: user.displayName,
    status: user.status,
    roles: [...user.roles],
    created_at: user.createdAt.toISOString(),
  };
}

export function toSessionJson(session: Session, current: boolean): z.input<typeof sessionSchema> {
  return {
    id: session.id,
    created_at: session.createdAt.toISOString(),
    last_seen_at: session.lastSeenAt.toISOString(),
    expires_at: expiresAt(session).toISOString(),
    ip: session.ip,
    user_agent: session.userAgent,
    current,
  };
}

/** `code` and `url` appear once. */
export const passwordLinkSchema = z.strictObject({ code: z.string(), url: z.string(), expires_at: time });

/** The code stands after the `#`, which browsers send to no server and no other page. */
export function toPasswordLinkJson(
  { code, link }: NewPasswordLink,
  ownOrigin: string,
): z.input<typeof passwordLinkSchema> {
  return { code, url: `${ownOrigin}/#set-password=${code}`, expires_at: link.expiresAt.toISOString() };
}

export const tokenSchema = z
  .strictObject({
    id: z.string(),
    name: z.string(),
    prefix: z.string(),
    scopes: z.array(z.string()),
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
  expires_at: time,
});

/** The token that a request came with: what does not change from use to use. */
export const presentedTokenSchema = tokenSchema.pick({
  id: true,
  name: true,
  prefix: true,
  scopes: true,
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
  const { id, name, prefix, scopes } = token;
  return { id, name, prefix, scopes: [...scopes], expires_at: token.expiresAt.toISOString() };
}

/** What stands beside the secret. */
export function toIssuedJson({
  id,
  name,
  scopes,
  expiresAt,
}: ApiToken): Omit<z.input<typeof issuedTokenSchema>, 'token'> {
  return { id, name, scopes: [...scopes], expires_at: expiresAt.toISOString() };
}

export function toIssuedTokenJson({ token, secret }: IssuedApiToken): z.input<typeof issuedTokenSchema> {
  return { ...toIssuedJson(token), token: secret };
}
