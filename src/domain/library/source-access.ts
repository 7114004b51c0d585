/** A licence: what lets one user read one source, from when and until when. */
import type { SourceId, UserId } from '#domain/shared/ids.ts';
import { libraryErrors } from './errors.ts';
import type { Source } from './source.ts';

export const ACCESS_TYPES = ['included', 'alacarte', 'trial'] as const;
export type AccessType = (typeof ACCESS_TYPES)[number];

export type SourceAccess = Readonly<{
  sourceId: SourceId;
  userId: UserId;
  type: AccessType;
  validFrom: Date;
  /** Null: it does not end. */
  expiresAt: Date | null;
  grantedAt: Date;
  /** Set once it was taken back; the row stays, so that a trial stays used. */
  revokedAt: Date | null;
  /** Whether the user has ever had a trial of the source. */
  trialUsed: boolean;
  /** Encrypted; null without one. */
  licenseKey: string | null;
}>;

/** What is granted. Without `validFrom` it holds at once. */
export type Grant = Readonly<{
  type: AccessType;
  validFrom: Date | null;
  expiresAt: Date | null;
  /** Encrypted. */
  licenseKey: string | null;
}>;

/**
 * Refuses with 400 `trial_needs_expiry` or `access_period_empty` a grant that is wrong whoever gets it, and whatever
 * they had before.
 */
export function checkTerms({ type, validFrom, expiresAt }: Omit<Grant, 'licenseKey'>, now: Date): void {
  if (type === 'trial' && expiresAt === null) throw libraryErrors.trialNeedsExpiry();
  // The trial that stands may be granted again in the same words, even after its end.
  if (type !== 'trial' || validFrom !== null) checkPeriod(validFrom ?? now, expiresAt);
}

function checkPeriod(validFrom: Date, expiresAt: Date | null): void {
  if (expiresAt !== null && expiresAt <= validFrom) throw libraryErrors.accessPeriodEmpty();
}

type Whose = Pick<SourceAccess, 'sourceId' | 'userId'>;

/**
 * The licence after a grant, which replaces type, dates and licence key of the one before. Throws 400
 * `trial_needs_expiry`, `access_period_empty`; 409 `trial_used` for a trial other than the one that stands.
 */
export function granted(whose: Whose, before: SourceAccess | undefined, grant: Grant, now: Date): SourceAccess {
  checkTerms(grant, now);
  if (before !== undefined && isSameTrial(before, grant)) return { ...before, licenseKey: grant.licenseKey };
  const validFrom = grant.validFrom ?? now;
  checkPeriod(validFrom, grant.expiresAt);
  if (grant.type === 'trial' && before?.trialUsed) throw libraryErrors.trialUsed();
  return {
    sourceId: whose.sourceId,
    userId: whose.userId,
    ...grant,
    validFrom,
    grantedAt: now,
    revokedAt: null,
    trialUsed: grant.type === 'trial' || before?.trialUsed === true,
  };
}

/** Whether the grant is the trial that stands already, told again. */
function isSameTrial(before: SourceAccess, grant: Grant): boolean {
  return (
    grant.type === 'trial' &&
    before.type === 'trial' &&
    before.revokedAt === null &&
    before.expiresAt?.getTime() === grant.expiresAt?.getTime() &&
    (grant.validFrom === null || before.validFrom.getTime() === grant.validFrom.getTime())
  );
}

/** Whether the licence lets its user read at `now`. */
export function isLive(access: SourceAccess, now: Date): boolean {
  return access.revokedAt === null && access.validFrom <= now && (access.expiresAt === null || now < access.expiresAt);
}

/** A source that somebody may read now, and by what right. */
export type ReadableSource = Readonly<{ source: Source; type: AccessType; expiresAt: Date | null }>;

/**
 * By what right a user may read the source at `now`; null where they may not. What is included for everybody stays so,
 * whatever licence they have beside it.
 */
export function readable(source: Source, access: SourceAccess | undefined, now: Date): ReadableSource | null {
  if (source.included) return { source, type: 'included', expiresAt: null };
  if (access === undefined || !isLive(access, now)) return null;
  return { source, type: access.type, expiresAt: access.expiresAt };
}
