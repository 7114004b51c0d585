/** What is told of rights that may have ended, so that whoever goes on because of them looks again. */

/** Of a user, of a session (by its digest), of everybody in a game, to a thread, or of anybody. */
export type AccessChange =
  | Readonly<{ of: 'user' | 'session' | 'game' | 'thread'; id: string }>
  | Readonly<{ of: 'everybody' }>;

/** The one topic of all changes: they are rare, and every process needs them all. */
export const ACCESS_TOPIC = 'all';
