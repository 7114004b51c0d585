/** Deleted users who are still to be taken off their messages: the model, and the store within a unit of work. */
import { type Model, type ModelStatic, QueryTypes, type Sequelize, type Transaction } from 'sequelize';
import type { PendingAnonymizations, TranscriptCursor } from '#application/conversations/ports.ts';
import type { ThreadId, UserId } from '#domain/shared/ids.ts';
import { primaryKey, text } from '../shared/columns.ts';

type FormerAuthorRow = { user_id: string };
type Keyset = { thread_id: string; seq: number };

export type FormerAuthorModel = ModelStatic<Model<FormerAuthorRow>>;

/** A page of messages is looked through in a few milliseconds, whoever wrote them. */
const MESSAGES_PER_PAGE = 1_000;

const PAGE_END = `SELECT thread_id, seq FROM messages WHERE (thread_id, seq) > (:thread, :seq)
  ORDER BY thread_id, seq LIMIT 1 OFFSET ${MESSAGES_PER_PAGE - 1}`;
const ANONYMIZE = `UPDATE messages SET author_id = NULL
  WHERE author_id = :author AND (thread_id, seq) > (:thread, :seq)`;
const ANONYMIZE_PAGE = `${ANONYMIZE} AND (thread_id, seq) <= (:endThread, :endSeq)`;

export function definePendingAnonymizations(sequelize: Sequelize): FormerAuthorModel {
  return sequelize.define<Model<FormerAuthorRow>>(
    'formerAuthor',
    { user_id: primaryKey(text()) },
    { tableName: 'former_authors', timestamps: false },
  );
}

export class SequelizePendingAnonymizations implements PendingAnonymizations {
  readonly #model: FormerAuthorModel;
  readonly #transaction: Transaction | null;

  constructor(deps: Readonly<{ model: FormerAuthorModel; transaction: Transaction | null }>) {
    this.#model = deps.model;
    this.#transaction = deps.transaction;
  }

  async find(): Promise<UserId | undefined> {
    const row = await this.#model.findOne({ order: ['user_id'], transaction: this.#transaction });
    return row?.get().user_id as UserId | undefined;
  }

  async add(userId: UserId): Promise<void> {
    await this.#model.create({ user_id: userId }, { transaction: this.#transaction });
  }

  async anonymizePage(userId: UserId, after: TranscriptCursor | null): Promise<TranscriptCursor | null> {
    const sequelize = this.#model.sequelize as Sequelize;
    const transaction = this.#transaction;
    const from = { author: userId, thread: after?.threadId ?? '', seq: after?.seq ?? 0 };
    const [end] = await sequelize.query<Keyset>(PAGE_END, { replacements: from, type: QueryTypes.SELECT, transaction });
    const replacements = { ...from, endThread: end?.thread_id, endSeq: end?.seq };
    await sequelize.query(end === undefined ? ANONYMIZE : ANONYMIZE_PAGE, { replacements, transaction });
    return end === undefined ? null : { threadId: end.thread_id as ThreadId, seq: Number(end.seq) };
  }

  async remove(userId: UserId): Promise<void> {
    await this.#model.destroy({ where: { user_id: userId }, transaction: this.#transaction });
  }
}
