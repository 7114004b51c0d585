/** Quotas of workspaces in memory. */
import type { Quotas } from '#application/workspaces/ports.ts';
import type { WorkspaceId } from '#domain/shared/ids.ts';
import { known } from '#domain/shared/vocabulary.ts';
import {
  hasRoom,
  inTakingOrder,
  QUOTAS,
  type Quota,
  type QuotaAmounts,
  type QuotaLimits,
  type QuotaUsage,
  quotaExceeded,
  usageAt,
} from '#domain/workspaces/quota.ts';
import type { Changes, MemoryTables } from '../shared/tables.ts';

/** Under which a usage is stored: there is one of a workspace and quota. */
function quotaKey(workspaceId: WorkspaceId, quota: Quota): string {
  return `${workspaceId} ${quota}`;
}

export class MemoryQuotas implements Quotas {
  readonly #tables: MemoryTables;
  readonly #changes: Changes;

  constructor(deps: Readonly<{ tables: MemoryTables; changes: Changes }>) {
    this.#tables = deps.tables;
    this.#changes = deps.changes;
  }

  async list(workspaceId: WorkspaceId): Promise<readonly QuotaUsage[]> {
    const found = this.#changes.all(this.#tables.quotas, (one) => one.workspaceId === workspaceId);
    return Array.from(found, ({ quota, limit, used, since }) => ({ quota, limit, used, since }));
  }

  async take(workspaceId: WorkspaceId, amounts: QuotaAmounts, now: Date): Promise<void> {
    const wanted = inTakingOrder(amounts).map(([quota, amount]) => ({
      usage: usageAt(this.#usage(workspaceId, quota), now),
      amount,
    }));
    const full = wanted.find(({ usage, amount }) => !hasRoom(usage, amount));
    if (full !== undefined) throw quotaExceeded(full.usage, now);
    for (const { usage, amount } of wanted) this.#store(workspaceId, { ...usage, used: usage.used + amount });
  }

  async giveBack(workspaceId: WorkspaceId, amounts: QuotaAmounts): Promise<void> {
    for (const [quota, amount] of inTakingOrder(amounts)) {
      const usage = this.#usage(workspaceId, quota);
      this.#store(workspaceId, { ...usage, used: Math.max(0, usage.used - amount) });
    }
  }

  async saveLimits(workspaceId: WorkspaceId, limits: QuotaLimits): Promise<void> {
    for (const quota of QUOTAS) {
      const limit = limits[quota];
      if (limit !== undefined) this.#store(workspaceId, { ...this.#usage(workspaceId, quota), limit });
    }
  }

  #usage(workspaceId: WorkspaceId, quota: Quota): QuotaUsage {
    const stored = this.#changes.find(this.#tables.quotas, quotaKey(workspaceId, quota));
    return stored ?? { quota, limit: null, used: 0, since: new Date(0) };
  }

  #store(workspaceId: WorkspaceId, usage: QuotaUsage): void {
    if (!this.#changes.has(this.#tables.workspaces, workspaceId)) throw new Error('There is no such workspace.');
    known(QUOTAS, usage.quota);
    this.#changes.set(this.#tables.quotas, quotaKey(workspaceId, usage.quota), { ...usage, workspaceId });
  }
}
