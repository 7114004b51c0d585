/**
 * What a new password means, however it was set: the links that were open and the sessions that were begun are over.
 */
import { type User, withSessionsEnded } from '#domain/identity/user.ts';
import type { PasswordHashes, PasswordLinks, Users } from '../ports.ts';

type Repos = Readonly<{
  users: Pick<Users, 'save'>;
  passwordHashes: Pick<PasswordHashes, 'save'>;
  passwordLinks: Pick<PasswordLinks, 'endByUser'>;
}>;

/** Within a unit of work; answers the user as changed, whose sessions the caller ends in the session store too. */
export async function replacePassword(repos: Repos, user: User, hash: string, now: Date): Promise<User> {
  const ended = withSessionsEnded(user);
  await repos.passwordHashes.save(user.id, hash);
  await repos.passwordLinks.endByUser(user.id, now);
  await repos.users.save(ended);
  return ended;
}
