/** Threads that are being imported: the store within a unit of work, which writes a page of messages at once. */
import { QueryTypes, type Sequelize, type Transaction } from 'sequelize';
import type { StagedPage, StagedThreads } from '#application/conversations/imports/staged-threads.ts';
import type { Thread } from '#domain/conversations/thread.ts';
import type { ThreadId } from '#domain/shared/ids.ts';
import type { Dialect } from '../shared/statement.ts';
import { MESSAGE, messageValues, REVISION, revisionValues } from './conversation-rows.ts';
import { rowOf, type ThreadModel } from './threads.ts';

const FIELDS = ['seq', ...MESSAGE.columns.split(',').map((column) => column.trim())];
const TYPES: Readonly<Record<string, string>> = { seq: 'integer', ...MESSAGE.types };
const NEW = { thread: '$thread', rows: '$rows' } as const;

/** Of a JSON list, so that a page is one statement. */
const ADD_MESSAGES: Readonly<Record<Dialect, string>> = {
  sqlite: `INSERT INTO messages (thread_id, ${FIELDS.join(', ')})
    SELECT ${NEW.thread}, ${FIELDS.map((name) => `value ->> '${name}'`).join(', ')} FROM json_each(${NEW.rows})`,
  postgres: `INSERT INTO messages (thread_id, ${FIELDS.join(', ')})
    SELECT ${NEW.thread}, ${FIELDS.join(', ')} FROM json_to_recordset(${NEW.rows}::json)
      AS rows (${FIELDS.map((name) => `${name} ${TYPES[name]?.replace('?', '')}`).join(', ')})`,
};
const ADD_PIN = 'INSERT INTO pins (thread_id, seq, pinned_at) VALUES (:thread, :seq, :at)';
const ADD_REVISION = `INSERT INTO revisions (thread_id, ${REVISION.columns}) VALUES (:thread, ${REVISION.values})`;

/** Whatever was removed of it meanwhile, it ends before its last message. */
const IS_STAGED =
  'id = :id AND last_seq = :from AND deleted_at IS NOT NULL AND owner_id IS NOT NULL AND workspace_id IS NOT NULL';
const ADD_PAGE = `
  UPDATE threads
  SET title = :title, last_message_at = :last_message_at, version = :version, last_seq = :last_seq,
    revision = :revision, window_size = :window_size, window_entries = :window_entries, deleted_at = :until
  WHERE ${IS_STAGED} RETURNING id`;
const REVEAL = `UPDATE threads SET deleted_at = NULL WHERE ${IS_STAGED} RETURNING id`;
const DISCARD = 'UPDATE threads SET deleted_at = :at WHERE id = :id AND deleted_at IS NOT NULL';

type Values = Readonly<Record<string, string | number | boolean | null>>;

export class SequelizeStagedThreads implements StagedThreads {
  readonly #model: ThreadModel;
  readonly #transaction: Transaction | null;

  constructor(deps: Readonly<{ model: ThreadModel; transaction: Transaction | null }>) {
    this.#model = deps.model;
    this.#transaction = deps.transaction;
  }

  async add(thread: Thread, until: Date): Promise<void> {
    const row = { ...rowOf(thread), deleted_at: until.getTime() };
    await this.#model.create(row, { transaction: this.#transaction });
  }

  async addPage({ thread, messages, pinned, revision }: StagedPage, until: Date): Promise<boolean> {
    const from = thread.lastSeq - messages.length;
    const values = { ...rowOf(thread), from, until: until.getTime() };
    if (!(await this.#changed(ADD_PAGE, values))) return false;
    await this.#addMessages(thread, messages, from);
    for (const seq of pinned)
      await this.#run(ADD_PIN, { thread: thread.id, seq, at: pinnedAt(messages[seq - from - 1]) });
    if (revision !== null) await this.#run(ADD_REVISION, { thread: thread.id, ...revisionValues(revision) });
    return true;
  }

  reveal({ id, lastSeq }: Thread): Promise<boolean> {
    return this.#changed(REVEAL, { id, from: lastSeq });
  }

  async discard(id: ThreadId, at: Date): Promise<void> {
    await this.#run(DISCARD, { id, at: at.getTime() });
  }

  async #addMessages({ id, estimator }: Thread, messages: StagedPage['messages'], from: number): Promise<void> {
    const rows = messages.map((message, i) => ({ ...messageValues(message), estimator, seq: from + i + 1 }));
    const bind = { thread: id, rows: JSON.stringify(rows) };
    const dialect = this.#sequelize.getDialect() === 'sqlite' ? 'sqlite' : 'postgres';
    await this.#sequelize.query(ADD_MESSAGES[dialect], { bind, transaction: this.#transaction });
  }

  async #changed(sql: string, replacements: Values): Promise<boolean> {
    const options = { replacements, type: QueryTypes.SELECT as const, transaction: this.#transaction };
    return (await this.#sequelize.query(sql, options)).length > 0;
  }

  async #run(sql: string, replacements: Values): Promise<void> {
    await this.#sequelize.query(sql, { replacements, transaction: this.#transaction });
  }

  get #sequelize(): Sequelize {
    return this.#model.sequelize as Sequelize;
  }
}

function pinnedAt(message: StagedPage['messages'][number] | undefined): number {
  return message?.createdAt.getTime() ?? 0;
}
