/** Who may be given a token, how many, and how all of a user's tokens end. */

import type { AuditEntry, AuditLog } from '#application/shared/audit-log.ts';
import { TOKENS_PER_USER } from '#domain/identity/api-token.ts';
import { identityErrors } from '#domain/identity/errors.ts';
import type { UserId } from '#domain/shared/ids.ts';
import type { ApiTokens, Users } from '../ports.ts';

/**
 * Makes sure, in the unit of work that adds a token, that the session which asks for it has not ended meanwhile:
 * whatever ends a user's tokens ends their sessions too, in the same commit. Throws 403 `session_required`.
 */
export async function checkSessionEpoch(
  users: Pick<Users, 'find'>,
  userId: UserId,
  sessionEpoch: number | null,
): Promise<void> {
  const user = await users.find(userId);
  if (user?.status !== 'active' || user.sessionEpoch !== sessionEpoch) throw identityErrors.sessionRequired();
}

/** Throws 409 `tokens_full` where the user has as many usable tokens as they may have. */
export async function checkTokenRoom(
  apiTokens: Pick<ApiTokens, 'countUsable'>,
  userId: UserId,
  now: Date,
): Promise<void> {
  if ((await apiTokens.countUsable(userId, now)) >= TOKENS_PER_USER) {
    throw identityErrors.tokensFull({ max: TOKENS_PER_USER });
  }
}

/**
 * Revokes all tokens of a user, by whom and when `entry` says. Where one of them could still be used, the entry is
 * added to the audit with their number. Where it names nobody, it was the user, by a link.
 */
export async function endTokens(
  { apiTokens, audit }: Readonly<{ apiTokens: Pick<ApiTokens, 'endByUser'>; audit: AuditLog }>,
  userId: UserId,
  entry: AuditEntry,
): Promise<void> {
  const ended = await apiTokens.endByUser(userId, entry.actorId ?? userId, entry.at);
  if (ended > 0) await audit.add({ ...entry, after: { tokens: ended } });
}

/** What is said of `endTokens` in the audit. */
export function tokensEnded(userId: UserId) {
  return { action: 'tokens.revoke_all', subject: `user:${userId}` } as const;
}
