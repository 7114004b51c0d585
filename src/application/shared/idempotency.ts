/** What makes an effect happen once, however often it is asked for: a key that is stored together with the effect. */
import { refusal } from '#domain/shared/domain-error.ts';
import type { ThreadId, UserId } from '#domain/shared/ids.ts';

/** What rebuilds the answer to the first request: JSON, never a secret, never a message's text. */
export type StoredResponse = Readonly<{
  /** Digest of who asked for what, and of the key that they gave. */
  key: string;
  /** Who asked. */
  actorId: UserId;
  /** Whom or what the answer tells of, where it goes with them: a user other than the actor, a thread. */
  subjectId: UserId | ThreadId | null;
  /** Keyed digest of the body, which may hold a password: another body under the same key is another request. */
  bodyDigest: string;
  answer: Readonly<Record<string, unknown>>;
  createdAt: Date;
  expiresAt: Date;
}>;

/**
 * Makes what is to be stored out of the result of a use case, which adds it in the unit of work of its effect. Pure,
 * because a unit may run more than once.
 */
export type ToStoredResponse<Result> = (result: Result) => StoredResponse;

/** Stored answers within a unit of work. */
export interface IdempotencyKeys {
  /** The answer under this key, if it has not expired at `now`. */
  find(key: string, now: Date): Promise<StoredResponse | undefined>;
  /**
   * Stores an answer, in place of one that has expired when this one was made. Throws 409 `idempotency_in_flight` where
   * there is another: somebody was faster, and the unit of work must not stand.
   */
  add(stored: StoredResponse): Promise<void>;
  /** Removes up to `limit` answers that have expired at `now`; says how many. */
  prune(now: Date, limit: number): Promise<number>;
  /** Removes what was answered about a thread. */
  removeBySubject(id: ThreadId): Promise<void>;
  /** Removes what this user was answered, and what others were answered about them. */
  removeByUser(userId: UserId): Promise<void>;
}

export const idempotencyErrors = {
  inFlight: refusal(
    'conflict',
    'idempotency_in_flight',
    'A request with this Idempotency-Key is under way. Try again in a moment.',
  ),
};
