/** What identity needs of the outside. */
import type { Role } from '#domain/identity/permissions.ts';
import type { Session } from '#domain/identity/session.ts';
import type { User, UserStatus } from '#domain/identity/user.ts';
import type { UserId } from '#domain/shared/ids.ts';
import type { Page } from '../shared/page.ts';

/** Users as they are read outside a unit of work. */
export interface UserReads {
  find(id: UserId): Promise<User | undefined>;
  /** By normalised e-mail or by username; the domain's `isEmail` decides which. */
  findByLogin(login: string): Promise<User | undefined>;
}

/** What a listed user must match; a filter that is absent lets all through. */
export type UserFilter = Readonly<{
  /** Part of the e-mail, the username or the display name, whatever its case. */
  query?: string;
  role?: string;
  status?: UserStatus;
}>;

/** Users within a unit of work. */
export interface Users extends UserReads {
  /** By id, which for real ids is newest first; `cursor` is the last id of the page before. */
  list(filter: UserFilter, page: Readonly<{ limit: number; cursor?: UserId }>): Promise<Page<User, UserId>>;
  /** Throws 409 `email_taken` or `username_taken`; 404 `role_not_found` where a role does not exist. */
  add(user: User): Promise<void>;
  /** Brings the stored user in line, roles and all; throws as `add` does. */
  save(user: User): Promise<void>;
  /** The user goes, and with him all that is only his. */
  remove(id: UserId): Promise<void>;
  /** Whether anybody holds a role, active or not. */
  isHeld(role: string): Promise<boolean>;
  /** Active holders of a role. */
  countActiveWithRole(role: string): Promise<number>;
}

/** Roles as they are read outside a unit of work. Their permissions come in ascending order. */
export interface RoleReads {
  find(name: string): Promise<Role | undefined>;
  /** All roles, by name ascending. */
  list(): Promise<readonly Role[]>;
}

export interface Roles extends RoleReads {
  /** Adds the role, or brings the stored one of that name in line with it. */
  save(role: Role): Promise<void>;
  /** Nothing happens where there is none of that name. Nobody may hold it. */
  remove(name: string): Promise<void>;
}

/** Password hashes, kept apart from users so that no answer can carry one by accident. */
export interface PasswordHashes {
  find(userId: UserId): Promise<string | undefined>;
  save(userId: UserId, hash: string): Promise<void>;
}

/** Hashes passwords: slow on purpose, a bounded number at once. Throws 503 `hashing_busy` when too many wait. */
export interface PasswordHasher {
  hash(password: string): Promise<string>;
  verify(password: string, hash: string): Promise<boolean>;
  /** Takes as long as `verify` of a real hash and is never true: for logins that nobody has. */
  verifyNothing(password: string): Promise<false>;
  /** Whether the hash was made with another cost than is configured now. */
  isOutdated(hash: string): boolean;
}

/** Random secrets of 256 bits, and their digests. */
export interface Secrets {
  /** URL-safe text. */
  next(): string;
  /** SHA-256 in hexadecimal. */
  digest(secret: string): string;
}

/** The sessions that are alive. All times are the caller's: a store never decides expiry by a clock of its own. */
export interface Sessions {
  /**
   * Begins a session; durable before it resolves. Where the user has `perUser` live sessions already, his
   * oldest ones end.
   */
  begin(session: Session, perUser: number): Promise<void>;
  /** The session with this digest, if it is alive at `now`. */
  find(digest: string, now: Date): Promise<Session | undefined>;
  /**
   * Records a use, if the session has not ended meanwhile: a touch never brings one back.
   * May become durable up to a second later.
   */
  touch(session: Session): Promise<void>;
  /** Ends a session; durable before it resolves. Nothing happens where there is none. */
  end(digest: string): Promise<void>;
}
