/** The authors of messages: the store within a unit of work. */
import { QueryTypes, type Sequelize, type Transaction } from 'sequelize';
import type { MessageAuthors, TranscriptCursor } from '#application/conversations/ports.ts';
import type { ThreadId, UserId } from '#domain/shared/ids.ts';

type Keyset = { thread_id: string; seq: number };

/** A page of messages is looked through in a few milliseconds, whoever wrote them. */
const MESSAGES_PER_PAGE = 1_000;

const PAGE_END = `SELECT thread_id, seq FROM messages WHERE (thread_id, seq) > (:thread, :seq)
  ORDER BY thread_id, seq LIMIT 1 OFFSET ${MESSAGES_PER_PAGE - 1}`;
const ANONYMIZE = `UPDATE messages SET author_id = NULL
  WHERE author_id = :author AND (thread_id, seq) > (:thread, :seq)`;
const ANONYMIZE_PAGE = `${ANONYMIZE} AND (thread_id, seq) <= (:endThread, :endSeq)`;

export class SequelizeMessageAuthors implements MessageAuthors {
  readonly #sequelize: Sequelize;
  readonly #transaction: Transaction | null;

  constructor(deps: Readonly<{ sequelize: Sequelize; transaction: Transaction | null }>) {
    this.#sequelize = deps.sequelize;
    this.#transaction = deps.transaction;
  }

  async anonymizePage(userId: UserId, after: TranscriptCursor | null): Promise<TranscriptCursor | null> {
    const sequelize = this.#sequelize;
    const transaction = this.#transaction;
    const from = { author: userId, thread: after?.threadId ?? '', seq: after?.seq ?? 0 };
    const [end] = await sequelize.query<Keyset>(PAGE_END, { replacements: from, type: QueryTypes.SELECT, transaction });
    const replacements = { ...from, endThread: end?.thread_id, endSeq: end?.seq };
    await sequelize.query(end === undefined ? ANONYMIZE : ANONYMIZE_PAGE, { replacements, transaction });
    return end === undefined ? null : { threadId: end.thread_id as ThreadId, seq: Number(end.seq) };
  }
}
