/** What requests say of a user, and how users look to clients. */
import { z } from 'zod';
import type { User } from '#domain/identity/user.ts';
import { text } from '../declaration/input.ts';
import { time } from '../declaration/output.ts';

export const email = z.email().max(254);
export const username = text(1, 64).regex(/^[^@\s]+$/, 'must have no space and no "@"');
export const displayName = text(1, 100);

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
