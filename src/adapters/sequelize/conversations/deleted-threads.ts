/** Threads that are hidden for good: the store within a unit of work, which removes what they hold in pages. */
import { QueryTypes, type Sequelize, type Transaction } from 'sequelize';
import type { DeletedThreads } from '#application/conversations/ports.ts';
import type { ThreadId } from '#domain/shared/ids.ts';

/** Of a thread, what goes before it, and what of a row may be long. Pins go with their messages. */
const HOLDINGS = [
  { table: 'messages', key: 'seq', text: 'octet_length(content) + coalesce(octet_length(tool_calls), 0)' },
  { table: 'revisions', key: 'id', text: 'octet_length(entries)' },
  { table: 'compactors', key: 'revision', text: '0' },
] as const;

/** What is hidden stays whole: as many messages as it counts, and no revision for its head. */
const SHORTEN = 'UPDATE threads SET last_seq = :last, revision = 0 WHERE id = :id';

/** A page is removed in a few milliseconds, whatever is in it. */
const ROWS_PER_PAGE = 500;
const BYTES_PER_PAGE = 1_000_000;

const FIND = 'SELECT id FROM threads WHERE deleted_at <= :now ORDER BY deleted_at LIMIT 1';
/** What was staged may have been revealed since it was found. */
const IS_DELETED = 'SELECT id FROM threads WHERE id = :id AND deleted_at <= :now';
const REMOVE_THREAD = 'DELETE FROM threads WHERE id = :id';

/** From the newest on. The lengths are looked at first: neither database reads a long text for its length. */
const pageStart = ({ table, key, text }: (typeof HOLDINGS)[number]) => `
  WITH lengths AS (
    SELECT ${key} AS key, ${text} AS bytes FROM ${table} WHERE thread_id = :id ORDER BY ${key} DESC
    LIMIT ${ROWS_PER_PAGE}
  ), sums AS (
    SELECT key, row_number() OVER (ORDER BY key DESC) AS nth, sum(bytes) OVER (ORDER BY key DESC) AS total FROM lengths
  )
  SELECT min(key) AS first FROM sums WHERE nth = 1 OR total <= ${BYTES_PER_PAGE}`;

export class SequelizeDeletedThreads implements DeletedThreads {
  readonly #sequelize: Sequelize;
  readonly #transaction: Transaction | null;

  constructor(deps: Readonly<{ sequelize: Sequelize; transaction: Transaction | null }>) {
    this.#sequelize = deps.sequelize;
    this.#transaction = deps.transaction;
  }

  find(now: Date): Promise<ThreadId | undefined> {
    return this.#findOne(FIND, { now: now.getTime() });
  }

  async purgePage(id: ThreadId, now: Date): Promise<boolean> {
    if ((await this.#findOne(IS_DELETED, { id, now: now.getTime() })) === undefined) return true;
    for (const holding of HOLDINGS) if (await this.#removePage(id, holding)) return false;
    await this.#sequelize.query(REMOVE_THREAD, { replacements: { id }, transaction: this.#transaction });
    return true;
  }

  async #findOne(sql: string, replacements: Readonly<Record<string, string | number>>): Promise<ThreadId | undefined> {
    const options = { replacements, type: QueryTypes.SELECT as const, transaction: this.#transaction };
    const [row] = await this.#sequelize.query<{ id: string }>(sql, options);
    return row?.id as ThreadId | undefined;
  }

  /** Whether there was anything to remove. */
  async #removePage(id: ThreadId, holding: (typeof HOLDINGS)[number]): Promise<boolean> {
    const transaction = this.#transaction;
    const options = { replacements: { id }, type: QueryTypes.SELECT as const, transaction };
    const [page] = await this.#sequelize.query<{ first: number | null }>(pageStart(holding), options);
    const first = page?.first ?? null;
    if (first === null) return false;
    const { table, key } = holding;
    const remove = `DELETE FROM ${table} WHERE thread_id = :id AND ${key} >= :first`;
    await this.#sequelize.query(remove, { replacements: { id, first }, transaction });
    if (table === 'messages')
      await this.#sequelize.query(SHORTEN, { replacements: { id, last: first - 1 }, transaction });
    return true;
  }
}
