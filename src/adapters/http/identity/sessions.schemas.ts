/** How sessions look to clients. */
import { z } from 'zod';
import { expiresAt, type Session } from '#domain/identity/session.ts';
import { time } from '../declaration/output.ts';

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
