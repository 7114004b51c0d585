/** What identity needs of the outside. */
import type { ApiToken } from '#domain/identity/api-token.ts';
import type { PasswordLink } from '#domain/identity/password-link.ts';
import type { Role } from '#domain/identity/permissions.ts';
import type { Session } from '#domain/identity/session.ts';
import type { User, UserStatus } from '#domain/identity/user.ts';
import type { ApiTokenId, SessionId, UserId } from '#domain/shared/ids.ts';
import type { AuditEntry } from '../shared/audit-log.ts';
import type { Page, PageRequest } from '../shared/page.ts';

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
  list(filter: UserFilter, page: PageRequest<UserId>): Promise<Page<User, UserId>>;
  /** Throws 409 `email_taken` or `username_taken`; 404 `role_not_found` where a role does not exist. */
  add(user: User): Promise<void>;
  /** Brings the stored user in line, roles and all; throws as `add` does. */
  save(user: User): Promise<void>;
  /**
   * The user goes, and with them all that is only theirs. Fails while they own a thread that is there;
   * `Threads.removePrivate` and `transferOwnership` see to that.
   */
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
  /** How many roles there are beside the built-in ones. */
  countOwn(): Promise<number>;
  /** Adds the role, or brings the stored one of that name in line with it. */
  save(role: Role): Promise<void>;
  /** Nothing happens where there is none of that name. Nobody may hold it. */
  remove(name: string): Promise<void>;
}

/** Password hashes, kept apart from users so that no answer can carry one by accident. */
export interface PasswordHashes {
  find(userId: UserId): Promise<string | undefined>;
  /** What the hashes begin with, algorithm and cost in seven characters such as `$2b$12$`: each once, in no order. */
  listSchemes(): Promise<readonly string[]>;
  save(userId: UserId, hash: string): Promise<void>;
}

/** Says whether a password may be looked at, by throwing where it may not. */
export type Admission = () => Promise<void>;

/** How a password waits for being hashed. */
export type Turn = Readonly<{
  /** Awaited when the turn has come, before anything is hashed; what it throws is thrown. */
  admit?: Admission;
  /** Who shares the places in the queue, such as an address: no more than three wait. Null: nobody else. */
  party?: string | null;
}>;

/**
 * Hashes passwords: slow on purpose, a bounded number at once. Throws 503 `hashing_busy` when too many wait, or too
 * many of one party; parties take turns, and some places are kept for those of which nobody waits.
 */
export interface PasswordHasher {
  hash(password: string, turn?: Turn): Promise<string>;
  /** Takes as long for every hash, whatever the cost that it was made with. */
  verify(password: string, hash: string, turn?: Turn): Promise<boolean>;
  /** Takes as long as `verify` of a real hash and is never true: for logins that nobody has. */
  verifyNothing(password: string, turn?: Turn): Promise<false>;
  /** From now on `verify` takes as long as for a hash that begins with this scheme. */
  learn(scheme: string): void;
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

/**
 * Digests of names that must not be stored but compared: equal for equal texts, and, unlike `Secrets.digest`, not to be
 * guessed without the server's key.
 */
export interface KeyedDigests {
  /** HMAC-SHA-256 in hexadecimal. */
  of(text: string): string;
}

/** The sessions that are alive. All times are the caller's: a store never decides expiry by a clock of its own. */
export interface Sessions {
  /**
   * Begins a session; durable before it resolves. Where the user has `perUser` live sessions already, the
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
  /** How many sessions are alive. */
  count(now: Date): Promise<number>;
  /** A user's live sessions, the newest first. */
  listByUser(userId: UserId, now: Date): Promise<readonly Session[]>;
  /**
   * Ends all sessions of a user, durably before it resolves, and answers those that were live, in no order. One may be
   * retained: it moves to another epoch, where it has not ended meanwhile.
   */
  endByUser(userId: UserId, now: Date, retained?: RetainedSession): Promise<readonly Session[]>;
}

/** The session that outlives its user's other ones, and the epoch in which it goes on. */
export type RetainedSession = Readonly<{ id: SessionId; epoch: number }>;

/** Whose failures to sign in are counted. */
export type SignInSubject = Readonly<{
  /** Digest of the name as it was typed, normalised: whether anybody has it makes no difference. */
  account: string;
  /** What counts as one address; null where none is known. */
  address: string | null;
}>;

/**
 * Failures to sign in, and how long they make the next attempt wait. Counts are forgotten after a day without failures.
 * A failure that lies ahead of `now`, because the clock was, counts as one of now: no wait is longer than its rule.
 */
export interface SignInDelays {
  /** Milliseconds that an attempt at `now` would have to wait, for its account or its address; 0 where it need not. */
  waitMs(subject: SignInSubject, now: Date): Promise<number>;
  /**
   * As `waitMs`; where the answer is 0 the attempt counts as a failure of both, in the same moment, until `succeeded`.
   * An attempt that must wait does not count.
   */
  attempt(subject: SignInSubject, now: Date): Promise<number>;
  /** Forgets the failures of these accounts, which are the names of one user, and takes as many off the address. */
  succeeded(accounts: readonly string[], address: string | null): Promise<void>;
  /** Forgets the failures of these accounts: an admin unlocks them. */
  unlock(accounts: readonly string[]): Promise<void>;
}

/** What failed or was refused, told afterwards: written in a unit of work of its own, and a bounded number of times. */
export interface FailureLog {
  /** Returns at once; an entry that cannot be written is lost. */
  enqueue(entry: AuditEntry): void;
}

/** The passwords that are tried first by whoever guesses. */
export interface CommonPasswords {
  /** Without regard to case. */
  include(password: string): Promise<boolean>;
}

/** API tokens as they are read outside a unit of work. */
export interface ApiTokenReads {
  find(id: ApiTokenId): Promise<ApiToken | undefined>;
  findByDigest(digest: string): Promise<ApiToken | undefined>;
  /** A page of a user's tokens, also ended ones, the newest first. */
  listByUser(userId: UserId, page: PageRequest<ApiTokenCursor>): Promise<Page<ApiToken, ApiTokenCursor>>;
  /** How many tokens of a user are neither revoked nor expired at `now`. */
  countUsable(userId: UserId, now: Date): Promise<number>;
}

/** Where a list of tokens goes on: after the token with this time of issue and id. */
export type ApiTokenCursor = Readonly<{ at: Date; id: ApiTokenId }>;

/** API tokens within a unit of work. */
export interface ApiTokens extends ApiTokenReads {
  add(token: ApiToken): Promise<void>;
  /** Brings name, scopes, expiry and revocation in line; uses are counted by `addUses` alone. */
  save(token: ApiToken): Promise<void>;
  /** Counts uses; the last use never goes back. Nothing happens where there is no such token. */
  addUses(id: ApiTokenId, uses: TokenUses): Promise<void>;
  /** Revokes all tokens of a user that were not revoked before; answers how many could have been used at `at`. */
  endByUser(userId: UserId, by: UserId, at: Date): Promise<number>;
}

export type TokenUses = Readonly<{ count: number; lastAt: Date }>;

/** Uses of API tokens on their way to the record store. */
export interface TokenUseLog {
  record(id: ApiTokenId, at: Date): void;
  /** Writes what was recorded so far; what cannot be written now is written by a later call. */
  flush(): Promise<void>;
}

/** Makes and reads API tokens: `tk_<public id>_<secret><checksum>`. */
export interface ApiTokenSecrets {
  /** A new token for this id; `token` is told to its owner once. */
  issue(id: ApiTokenId): Readonly<{ token: string; prefix: string; digest: string }>;
  /**
   * The digest to look a presented token up by; null where its form or checksum is wrong, so that nothing is looked up.
   */
  digest(presented: string): string | null;
}

/** Links to set a password, within a unit of work. */
export interface PasswordLinks {
  findByDigest(digest: string): Promise<PasswordLink | undefined>;
  add(link: PasswordLink): Promise<void>;
  /** Ends all open links of a user. */
  endByUser(userId: UserId, at: Date): Promise<void>;
}
