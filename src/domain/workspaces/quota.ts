/** Quotas: what a workspace may have of what it can use up, and how much of it there is. */
import type { DomainError } from '#domain/shared/domain-error.ts';
import { workspaceErrors } from './errors.ts';

/** In the order in which several are taken at once. */
export const QUOTAS = ['sources', 'documents', 'stored_bytes'] as const;
export type Quota = (typeof QUOTAS)[number];

/** What an effect takes or gives back. */
export type QuotaAmounts = Readonly<Partial<Record<Quota, number>>>;

/** Null for no limit. */
export type QuotaLimits = Readonly<Partial<Record<Quota, number | null>>>;

/** What is used can be above a limit that was lowered later. */
export type QuotaUsage = Readonly<{ quota: Quota; limit: number | null; used: number }>;

/** What there is of every quota, where only those are known that were ever taken or limited. */
export function allUsages(known: readonly QuotaUsage[]): readonly QuotaUsage[] {
  const byQuota = new Map(known.map((usage) => [usage.quota, usage]));
  return QUOTAS.map((quota) => byQuota.get(quota) ?? { quota, limit: null, used: 0 });
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

/** The refusal of what would go beyond. What is counted and not used up by time is free again by deleting alone. */
export function quotaExceeded({ quota, limit, used }: QuotaUsage): DomainError {
  return workspaceErrors.quotaExceeded({ quota, limit, used, resets_at: null });
}
