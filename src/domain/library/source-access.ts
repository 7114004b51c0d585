/** A licence (source access): lets one user read one source for a period of time. */
import type { SourceId, UserId } from '#domain/shared/ids.ts';
import { libraryErrors } from './errors.ts';
import type { Source } from './source.ts';

export const ACCESS_TYPES = ['included', 'alacarte', 'trial'] as const;
export type AccessType = (typeof ACCESS_TYPES)[number];

/** There is at most one for each user and source: a new grant replaces it. */
export type SourceAccess = Readonly<{
  sourceId: SourceId;
  userId: UserId;
  type: AccessType;
  validFrom: Date;
  /** Null for a licence that does not end. */
  expiresAt: Date | null;
  grantedAt: Date;
  /** When it was revoked. The row remains, so that a used trial stays used. */
  revokedAt: Date | null;
  /** Whether the user has ever had a trial of the source. */
  trialUsed: boolean;
  /** Encrypted; null without one. */
  licenseKey: string | null;
}>;

/** The terms of a grant. It is valid at once if `validFrom` is null. */
export type Grant = Readonly<{
  type: AccessType;
  validFrom: Date | null;
  expiresAt: Date | null;
  /** Encrypted. */
  licenseKey: string | null;
}>;

/**
 * Throws 400 `trial_needs_expiry` or `access_period_empty` for terms that are invalid for every user, whatever licence
 * they had before. These checks need no stored data, so that a use case can make them before its unit of work.
 */
export function checkTerms({ type, validFrom, expiresAt }: Omit<Grant, 'licenseKey'>, now: Date): void {
  if (type === 'trial' && expiresAt === null) throw libraryErrors.trialNeedsExpiry();
  // A trial can be granted again with the same terms, even after its end (see `isSameTrial`), so its end may be in the
  // past.
  if (type !== 'trial' || validFrom !== null) checkPeriod(validFrom ?? now, expiresAt);
}

function checkPeriod(validFrom: Date, expiresAt: Date | null): void {
  if (expiresAt !== null && expiresAt <= validFrom) throw libraryErrors.accessPeriodEmpty();
}

type AccessKey = Pick<SourceAccess, 'sourceId' | 'userId'>;

/**
 * Returns the licence after a grant, which replaces type, dates and licence key of the one before. Granting the current
 * trial again changes its licence key only. Throws 400 `trial_needs_expiry`, `access_period_empty`; 409 `trial_used`
 * for any other trial after the first.
 */
export function granted(key: AccessKey, before: SourceAccess | undefined, grant: Grant, now: Date): SourceAccess {
  checkTerms(grant, now);
  if (before !== undefined && isSameTrial(before, grant)) return { ...before, licenseKey: grant.licenseKey };
  const validFrom = grant.validFrom ?? now;
  checkPeriod(validFrom, grant.expiresAt);
  if (grant.type === 'trial' && before?.trialUsed) throw libraryErrors.trialUsed();
  return {
    sourceId: key.sourceId,
    userId: key.userId,
    ...grant,
    validFrom,
    grantedAt: now,
    revokedAt: null,
    trialUsed: grant.type === 'trial' || before?.trialUsed === true,
  };
}

/**
 * Whether the grant repeats the trial that the user already has, which must be idempotent and not count as a second.
 */
function isSameTrial(before: SourceAccess, grant: Grant): boolean {
  return (
    grant.type === 'trial' &&
    before.type === 'trial' &&
    before.revokedAt === null &&
    before.expiresAt?.getTime() === grant.expiresAt?.getTime() &&
    (grant.validFrom === null || before.validFrom.getTime() === grant.validFrom.getTime())
  );
}

/** Whether the licence is valid at `now`: begun, not expired and not revoked. */
export function isLive(access: SourceAccess, now: Date): boolean {
  return access.revokedAt === null && access.validFrom <= now && (access.expiresAt === null || now < access.expiresAt);
}

/** A source that a user may read, with the kind and end of their right. */
export type ReadableSource = Readonly<{ source: Source; type: AccessType; expiresAt: Date | null }>;

/**
 * Returns by which right a user with this licence may read the source at `now`; null if they may not. An included
 * source stays included, whatever licence the user has.
 */
export function readable(source: Source, access: SourceAccess | undefined, now: Date): ReadableSource | null {
  if (source.included) return { source, type: 'included', expiresAt: null };
  if (access === undefined || !isLive(access, now)) return null;
  return { source, type: access.type, expiresAt: access.expiresAt };
}
