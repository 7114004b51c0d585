/** A user, and the normal forms by which e-mail addresses and usernames are unique. */
import type { UserId } from '#domain/shared/ids.ts';

export type UserStatus = 'active' | 'disabled';

export type User = Readonly<{
  id: UserId;
  /** Normalised by `normalizeEmail`; unique. */
  email: string;
  /** As the user writes it; unique by `usernameKey`. */
  username: string | null;
  displayName: string;
  status: UserStatus;
  /** The names of the user's roles, ascending. */
  roles: readonly string[];
  /** Sessions that began in an earlier epoch are invalid. */
  sessionEpoch: number;
  createdAt: Date;
}>;

/** Returns the form in which an e-mail address is stored and looked up: NFKC, trimmed, lower case. */
export function normalizeEmail(email: string): string {
  return email.normalize('NFKC').trim().toLowerCase();
}

/** Returns the key by which usernames are unique: NFKC, lower case. */
export function usernameKey(username: string): string {
  return username.normalize('NFKC').toLowerCase();
}

/** Whether a login is an e-mail address. An `@` decides, because usernames cannot contain one (`checkUsername`). */
export function isEmail(login: string): boolean {
  return login.includes('@');
}

/** Returns the key by which a login is compared: that of an e-mail address or of a username. */
export function loginKey(login: string): string {
  return isEmail(login) ? normalizeEmail(login) : usernameKey(login);
}

/** Creates an active user in their first epoch. The e-mail address is normalised. */
export function newUser(
  given: Pick<User, 'id' | 'email' | 'username' | 'displayName' | 'roles'>,
  createdAt: Date,
): User {
  return { ...given, email: normalizeEmail(given.email), status: 'active', sessionEpoch: 0, createdAt };
}

/** Returns the user in the next epoch, which invalidates all their sessions, including one that is being started. */
export function withSessionsEnded(user: User): User {
  return { ...user, sessionEpoch: user.sessionEpoch + 1 };
}
