/** Writes the index by which passages are found, in the unit of work that adds or removes them. */
import { QueryTypes, type Sequelize, type Transaction } from 'sequelize';
import type { Passage } from '#domain/library/passage.ts';
import { postingsOf } from '#domain/retrieval/finding/postings.ts';
import { indexedPassage } from '#domain/retrieval/finding/terms.ts';
import type { DocumentId } from '#domain/shared/ids.ts';
import type { Dialect } from '../shared/statement.ts';

const ADD_INDEX = `
  INSERT INTO passage_indexes (document_id, generation, passages, terms)
  VALUES (:documentId, :generation, :passages, :terms)
  ON CONFLICT (document_id, generation) DO UPDATE
  SET passages = passage_indexes.passages + excluded.passages, terms = passage_indexes.terms + excluded.terms`;
const NUMBER = 'SELECT number FROM passage_indexes WHERE document_id = :documentId AND generation = :generation';
/** One value for all rows, as for passages. */
const ADD_TERMS: Readonly<Record<Dialect, string>> = {
  sqlite: `INSERT INTO passage_terms (index_number, term, first_ordinal, postings)
    SELECT $number, value ->> 0, $first, unhex(value ->> 1) FROM json_each($rows)`,
  postgres: `INSERT INTO passage_terms (index_number, term, first_ordinal, postings)
    SELECT CAST($number AS bigint), value ->> 0, CAST($first AS integer), decode(value ->> 1, 'hex')
    FROM json_array_elements($rows::json) AS given (value)`,
};
const REMOVE_TERMS = `
  DELETE FROM passage_terms WHERE first_ordinal BETWEEN :first AND :last AND index_number IN (${NUMBER})`;
const WITHOUT_PASSAGES = `document_id = :documentId AND NOT EXISTS (
    SELECT 1 FROM passages
    WHERE passages.document_id = passage_indexes.document_id AND passages.generation = passage_indexes.generation)`;
const REMOVE_VECTORS = `
  DELETE FROM passage_vectors WHERE index_number IN (SELECT number FROM passage_indexes WHERE ${WITHOUT_PASSAGES})`;
const REMOVE_INDEXES = `DELETE FROM passage_indexes WHERE ${WITHOUT_PASSAGES}`;

/** Passages that were removed, by their generation. */
export type RemovedPassage = Readonly<{ generation: number; ordinal: number }>;

export class PassageIndex {
  readonly #deps: Readonly<{ sequelize: Sequelize; transaction: Transaction | null }>;

  constructor(deps: Readonly<{ sequelize: Sequelize; transaction: Transaction | null }>) {
    this.#deps = deps;
  }

  /** Adds passages of one document and generation, in their order: those of a call are one part of each term. */
  async add(passages: readonly Passage[]): Promise<void> {
    const [first] = passages;
    if (first === undefined) return;
    const indexed = new Map(passages.map((passage) => [passage.ordinal, indexedPassage(passage)]));
    const terms = [...indexed.values()].reduce((sum, { length }) => sum + length, 0);
    const { documentId, generation } = first;
    const number = await this.#addIndex({ documentId, generation, passages: passages.length, terms });
    const rows = [...postingsOf(indexed)].map(([term, bytes]) => [term, Buffer.from(bytes).toString('hex')]);
    const { sequelize, transaction } = this.#deps;
    const bind = { number, first: first.ordinal, rows: JSON.stringify(rows) };
    await sequelize.query(ADD_TERMS[sequelize.getDialect() as Dialect], { bind, transaction });
  }

  async #addIndex(values: Readonly<Record<string, unknown>>): Promise<number> {
    const { sequelize, transaction } = this.#deps;
    await this.#query(ADD_INDEX, values);
    const options = { replacements: { ...values }, type: QueryTypes.SELECT, transaction } as const;
    const [row] = await sequelize.query<{ number: number | string }>(NUMBER, options);
    return Number(row?.number);
  }

  /** Removes what is of passages that are gone: the parts that begin with them, and at last the rest. */
  async remove(documentId: DocumentId, gone: readonly RemovedPassage[]): Promise<void> {
    for (const [generation, ordinals] of Map.groupBy(gone, (one) => one.generation)) {
      const places = ordinals.map(({ ordinal }) => ordinal);
      const [first, last] = [Math.min(...places), Math.max(...places)];
      await this.#query(REMOVE_TERMS, { documentId, generation, first, last });
    }
    if (gone.length === 0) return;
    await this.#query(REMOVE_VECTORS, { documentId });
    await this.#query(REMOVE_INDEXES, { documentId });
  }

  async #query(sql: string, replacements: Readonly<Record<string, unknown>>): Promise<void> {
    const { sequelize, transaction } = this.#deps;
    await sequelize.query(sql, { replacements: { ...replacements }, transaction });
  }
}
