/** Quotas: what a workspace may have of what it can use up, and how much of it there is. */
import type { DomainError } from '#domain/shared/domain-error.ts';
import { workspaceErrors } from './errors.ts';

/** In the order in which several are taken at once. */
export const QUOTAS = ['sources', 'documents', 'stored_bytes', 'asks_per_minute', 'asks_per_day'] as const;
export type Quota = (typeof QUOTAS)[number];

/** What a question takes. */
export const ASK: QuotaAmounts = { asks_per_minute: 1, asks_per_day: 1 };

/**
 * How long what is used counts, from the beginning of a minute or day in UTC; the others last until something is
 * deleted.
 */
const WINDOW_MS: Readonly<Partial<Record<Quota, number>>> = { asks_per_minute: 60_000, asks_per_day: 86_400_000 };
/** Only a deletion makes room: nobody knows when there is one. */
const RETRY_AFTER_SECONDS = 3_600;

/** What an effect takes or gives back. */
export type QuotaAmounts = Readonly<Partial<Record<Quota, number>>>;

/** Null for no limit. */
export type QuotaLimits = Readonly<Partial<Record<Quota, number | null>>>;

/** What is used can be above a limit that was lowered later. It counts for the window that began at `since`. */
export type QuotaUsage = Readonly<{ quota: Quota; limit: number | null; used: number; since: Date }>;

/** What there is of every quota now, where only those are known that were ever taken or limited. */
export function allUsages(known: readonly QuotaUsage[], now: Date): readonly QuotaUsage[] {
  const byQuota = new Map(known.map((usage) => [usage.quota, usage]));
  return QUOTAS.map((quota) =>
    usageAt(byQuota.get(quota) ?? { quota, limit: null, used: 0, since: windowStart(quota, now) }, now),
  );
}

/** The usage as it counts now: of a window that is over, nothing. A clock that goes back opens no window anew. */
export function usageAt(usage: QuotaUsage, now: Date): QuotaUsage {
  const since = windowStart(usage.quota, now);
  return since > usage.since ? { ...usage, used: 0, since } : usage;
}

/** When the window began that the time is in; the beginning of time for what lasts. */
export function windowStart(quota: Quota, now: Date): Date {
  const windowMs = WINDOW_MS[quota];
  return new Date(windowMs === undefined ? 0 : Math.floor(now.getTime() / windowMs) * windowMs);
}

/** When what is used counts no longer; null for what lasts. */
export function resetsAt({ quota, since }: Pick<QuotaUsage, 'quota' | 'since'>): Date | null {
  const windowMs = WINDOW_MS[quota];
  return windowMs === undefined ? null : new Date(since.getTime() + windowMs);
}

/** How much can still be taken; null where there is no limit. */
export function leftOf({ limit, used }: QuotaUsage): number | null {
  return limit === null ? null : Math.max(0, limit - used);
}

/** The amounts of an effect in the one order in which all effects take them, without what is nothing. */
export function inTakingOrder(amounts: QuotaAmounts): readonly (readonly [quota: Quota, amount: number])[] {
  return QUOTAS.map((quota) => [quota, amounts[quota] ?? 0] as const).filter(([, amount]) => amount > 0);
}

/** Whether so much more can be taken. */
export function hasRoom({ limit, used }: QuotaUsage, amount: number): boolean {
  return limit === null || used + amount <= limit;
}

/** The refusal of what would go beyond: of time in a window, or of what is free again by deleting alone. */
export function quotaExceeded(usage: QuotaUsage, now: Date): DomainError {
  const { quota, limit, used } = usage;
  const end = resetsAt(usage);
  const seconds = end === null ? RETRY_AFTER_SECONDS : Math.ceil((end.getTime() - now.getTime()) / 1_000);
  const resets = end?.toISOString() ?? null;
  return workspaceErrors.quotaExceeded({ quota, limit, used, resets_at: resets, retry_after_seconds: seconds });
}
