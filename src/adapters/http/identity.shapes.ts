/** How users and sessions look to clients. */
import { z } from 'zod';
import { expiresAt, type Session } from '#domain/identity/session.ts';
import type { User } from '#domain/identity/user.ts';
import { time } from './output.ts';

export const userShape = z
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

export const sessionShape = z
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

export function showUser(user: User): z.input<typeof userShape> {
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

export function showSession(session: Session, current: boolean): z.input<typeof sessionShape> {
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
