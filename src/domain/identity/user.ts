/** A user: what makes names unique, and what a new user must look like. */
import type { UserId } from '#domain/shared/ids.ts';
import { identityErrors } from './errors.ts';

export type UserStatus = 'active' | 'disabled';

export type User = Readonly<{
  id: UserId;
  /** Normalised by `normalizeEmail`; unique. */
  email: string;
  /** As its owner writes it; unique by `usernameKey`. */
  username: string | null;
  displayName: string;
  status: UserStatus;
  /** Names of roles, ascending. */
  roles: readonly string[];
  /** A session that began in an earlier epoch is over. */
  sessionEpoch: number;
  createdAt: Date;
}>;

/** The one form of an e-mail address that is stored and looked up: NFKC, without outer space, lower case. */
export function normalizeEmail(email: string): string {
  return email.normalize('NFKC').trim().toLowerCase();
}

/** What two usernames share that may not both exist. */
export function usernameKey(username: string): string {
  return username.normalize('NFKC').toLowerCase();
}

/** A login is an e-mail address if and only if it has an `@`, because no username has one. */
export function isEmail(login: string): boolean {
  return login.includes('@');
}

/** Refuses a username that could be taken for an e-mail address. */
export function checkUsername(username: string): void {
  if (username.includes('@')) throw identityErrors.usernameInvalid();
}

/** A user as they begin: active, in their first epoch, their e-mail in its one form. */
export function newUser(
  made: Pick<User, 'id' | 'email' | 'username' | 'displayName' | 'roles'>,
  createdAt: Date,
): User {
  return { ...made, email: normalizeEmail(made.email), status: 'active', sessionEpoch: 0, createdAt };
}

/** What the audit shows of a user: all that an admin can change. */
export function auditedUser(user: User) {
  const { email, username, displayName, status, roles } = user;
  return { email, username, displayName, status, roles };
}

/** The user when all sessions that they have are over, those included that are just beginning. */
export function withSessionsEnded(user: User): User {
  return { ...user, sessionEpoch: user.sessionEpoch + 1 };
}
