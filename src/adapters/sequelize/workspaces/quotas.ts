/** Quotas of workspaces: the model, the mapping of a row, and the store. */
import { type Model, type ModelStatic, QueryTypes, type Sequelize, type Transaction } from 'sequelize';
import type { Quotas } from '#application/workspaces/ports.ts';
import type { WorkspaceId } from '#domain/shared/ids.ts';
import { known } from '#domain/shared/vocabulary.ts';
import {
  inTakingOrder,
  QUOTAS,
  type Quota,
  type QuotaAmounts,
  type QuotaLimits,
  type QuotaUsage,
  quotaExceeded,
  usageAt,
  windowStart,
} from '#domain/workspaces/quota.ts';
import { bigint, nullable, primaryKey, reference, text } from '../shared/columns.ts';

/** PostgreSQL's driver gives large integers as text. */
type QuotaRow = {
  workspace_id: string;
  quota: string;
  maximum: number | string | null;
  used: number | string;
  since: number | string;
};

export function defineQuotas(sequelize: Sequelize): ModelStatic<Model<QuotaRow>> {
  return sequelize.define<Model<QuotaRow>>(
    'quota',
    {
      workspace_id: primaryKey(reference('workspaces')),
      quota: primaryKey(text()),
      maximum: nullable(bigint()),
      used: bigint(),
      since: bigint(),
    },
    { tableName: 'workspace_quotas', timestamps: false },
  );
}

const LIST = 'SELECT quota, maximum, used, since FROM workspace_quotas WHERE workspace_id = :workspaceId';

/** What counts of an earlier window is nothing. */
const USED_NOW = 'CASE WHEN excluded.since > q.since THEN excluded.used ELSE q.used + excluded.used END';

/**
 * Adds and looks at the limit at once. It answers with no row where the limit is in the way. On SQLite, Sequelize gives
 * no rows of what begins with INSERT INTO.
 */
const TAKE = `/* take */ INSERT INTO workspace_quotas AS q (workspace_id, quota, used, since)
  VALUES (:workspaceId, :quota, :amount, :since)
  ON CONFLICT (workspace_id, quota) DO UPDATE
  SET used = ${USED_NOW}, since = CASE WHEN excluded.since > q.since THEN excluded.since ELSE q.since END
  WHERE q.maximum IS NULL OR ${USED_NOW} <= q.maximum RETURNING used`;

const GIVE_BACK = `UPDATE workspace_quotas SET used = CASE WHEN used > :amount THEN used - :amount ELSE 0 END
  WHERE workspace_id = :workspaceId AND quota = :quota`;

const SAVE_LIMIT = `INSERT INTO workspace_quotas (workspace_id, quota, maximum, used, since)
  VALUES (:workspaceId, :quota, :limit, 0, 0)
  ON CONFLICT (workspace_id, quota) DO UPDATE SET maximum = excluded.maximum`;

type Deps = Readonly<{ sequelize: Sequelize; transaction: Transaction | null }>;

export class SequelizeQuotas implements Quotas {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  async list(workspaceId: WorkspaceId): Promise<readonly QuotaUsage[]> {
    return (await this.#select<QuotaRow>(LIST, { workspaceId })).map(usageFrom);
  }

  async take(workspaceId: WorkspaceId, amounts: QuotaAmounts, now: Date): Promise<void> {
    const taken: [Quota, number][] = [];
    for (const [quota, amount] of inTakingOrder(amounts)) {
      const rows = await this.#select(TAKE, {
        workspaceId,
        quota,
        amount,
        since: windowStart(quota, now).getTime(),
      });
      if (rows.length === 0) {
        await this.giveBack(workspaceId, Object.fromEntries(taken));
        throw quotaExceeded(usageAt(await this.#get(workspaceId, quota), now), now);
      }
      taken.push([quota, amount]);
    }
  }

  async giveBack(workspaceId: WorkspaceId, amounts: QuotaAmounts): Promise<void> {
    for (const [quota, amount] of inTakingOrder(amounts)) await this.#write(GIVE_BACK, { workspaceId, quota, amount });
  }

  async saveLimits(workspaceId: WorkspaceId, limits: QuotaLimits): Promise<void> {
    for (const quota of QUOTAS) {
      const limit = limits[quota];
      if (limit !== undefined) await this.#write(SAVE_LIMIT, { workspaceId, quota, limit });
    }
  }

  async #get(workspaceId: WorkspaceId, quota: Quota): Promise<QuotaUsage> {
    const usage = (await this.list(workspaceId)).find((one) => one.quota === quota);
    if (usage === undefined) throw new Error('What has a limit has no row.');
    return usage;
  }

  async #write(sql: string, replacements: Record<string, unknown>): Promise<void> {
    const { sequelize, transaction } = this.#deps;
    await sequelize.query(sql, { replacements, transaction });
  }

  #select<Row extends object>(sql: string, replacements: Record<string, unknown>): Promise<Row[]> {
    const { sequelize, transaction } = this.#deps;
    return sequelize.query<Row>(sql, { replacements, type: QueryTypes.SELECT, transaction });
  }
}

function usageFrom({ quota, maximum, used, since }: QuotaRow): QuotaUsage {
  return {
    quota: known(QUOTAS, quota as Quota),
    limit: maximum === null ? null : Number(maximum),
    used: Number(used),
    since: new Date(Number(since)),
  };
}
