/** A password link: lets a user set a first or a new password once, without being signed in. */
import type { PasswordLinkId, UserId } from '#domain/shared/ids.ts';
import { identityErrors } from './errors.ts';

export type PasswordLink = Readonly<{
  id: PasswordLinkId;
  userId: UserId;
  /** SHA-256 of the code, in hexadecimal; the code itself is stored nowhere. */
  digest: string;
  createdAt: Date;
  expiresAt: Date;
  /** When it was used, or invalidated because the password was set in another way. */
  endedAt: Date | null;
}>;

const LIFETIME_MS = 24 * 60 * 60 * 1_000;

/** Creates a link that expires after 24 hours. */
export function makeLink(made: Pick<PasswordLink, 'id' | 'userId' | 'digest'>, now: Date): PasswordLink {
  return { ...made, createdAt: now, expiresAt: new Date(now.getTime() + LIFETIME_MS), endedAt: null };
}

/** Throws 410 `password_link_ended` for a link that was used, invalidated or has expired. */
export function checkOpen(link: PasswordLink, now: Date): void {
  if (link.endedAt !== null || now >= link.expiresAt) throw identityErrors.passwordLinkEnded();
}
