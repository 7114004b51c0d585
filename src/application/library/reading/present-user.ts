/** Whoever asked for a job, as far as they are still there when it is done. */
import type { UserId } from '#domain/shared/ids.ts';
import type { Users } from '../../identity/ports.ts';

/** Null for a user who was deleted meanwhile. */
export async function presentUser(
  { users }: Readonly<{ users: Pick<Users, 'find'> }>,
  id: UserId | null,
): Promise<UserId | null> {
  return id !== null && (await users.find(id)) !== undefined ? id : null;
}
