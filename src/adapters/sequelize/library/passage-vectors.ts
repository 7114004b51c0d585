/** Vectors of passages: the store within a unit of work. */
import { QueryTypes, type Sequelize, type Transaction } from 'sequelize';
import type { DuePassages, PassageVectors, VectorSpace } from '#application/retrieval/embedding/ports.ts';
import { packedVectors, type Vector } from '#domain/retrieval/finding/vectors.ts';
import type { DocumentId } from '#domain/shared/ids.ts';

/** Documents that serve, and how far their vectors go. */
const EMBEDDED = `
  SELECT d.id, d.generation, i.number, (
    SELECT COALESCE(MAX(v.last_ordinal), 0) FROM passage_vectors AS v
    WHERE v.index_number = i.number AND v.model = :model AND v.dimension = :dimension) AS last_ordinal
  FROM documents AS d JOIN passage_indexes AS i ON i.document_id = d.id AND i.generation = d.generation`;
const REST = 'p.document_id = e.id AND p.generation = e.generation AND p.ordinal > e.last_ordinal';
const DUE = `
  SELECT e.id, e.generation, e.last_ordinal FROM (${EMBEDDED}) AS e
  WHERE EXISTS (SELECT 1 FROM passages AS p WHERE ${REST}) ORDER BY e.id LIMIT 1`;
const DUE_PASSAGES = `
  SELECT ordinal, heading_path, text FROM passages
  WHERE document_id = :id AND generation = :generation AND ordinal > :last_ordinal ORDER BY ordinal LIMIT :limit`;
const COUNT_DUE = `SELECT COUNT(*) AS count FROM (${EMBEDDED}) AS e JOIN passages AS p ON ${REST}`;
const NUMBERS = 'SELECT number FROM passage_indexes WHERE document_id = :documentId AND generation = :generation';
const REMOVE_OTHERS = `
  DELETE FROM passage_vectors
  WHERE index_number IN (${NUMBERS}) AND NOT (model = :model AND dimension = :dimension)`;
const ADD = `
  INSERT INTO passage_vectors (index_number, model, dimension, last_ordinal, vectors)
  SELECT number, :model, :dimension, :last, :vectors FROM (${NUMBERS}) AS served`;

type DueRow = Readonly<{ id: string; generation: number; last_ordinal: number }>;
type PassageRow = Readonly<{ ordinal: number; heading_path: string; text: string }>;

export class SequelizePassageVectors implements PassageVectors {
  readonly #deps: Readonly<{ sequelize: Sequelize; transaction: Transaction | null }>;

  constructor(deps: Readonly<{ sequelize: Sequelize; transaction: Transaction | null }>) {
    this.#deps = deps;
  }

  async findDue(space: VectorSpace, limit: number): Promise<DuePassages | undefined> {
    const [due] = await this.#select<DueRow>(DUE, space);
    if (due === undefined) return undefined;
    const rows = await this.#select<PassageRow>(DUE_PASSAGES, { ...due, limit });
    const passages = rows.map(({ ordinal, heading_path: headingPath, text }) => ({ ordinal, headingPath, text }));
    // Between the two the document may have gone.
    return passages.length === 0
      ? undefined
      : { documentId: due.id as DocumentId, generation: due.generation, passages };
  }

  async countDue(space: VectorSpace): Promise<number> {
    const [row] = await this.#select<{ count: number | string }>(COUNT_DUE, space);
    return Number(row?.count);
  }

  async add(space: VectorSpace, due: DuePassages, vectors: ReadonlyMap<number, Vector>): Promise<void> {
    const { sequelize, transaction } = this.#deps;
    const { documentId, generation, passages } = due;
    const of = { ...space, documentId, generation };
    await sequelize.query(REMOVE_OTHERS, { replacements: of, transaction });
    const last = passages.at(-1)!.ordinal;
    const replacements = { ...of, last, vectors: Buffer.from(packedVectors(vectors)) };
    await sequelize.query(ADD, { replacements, transaction });
  }

  #select<Row extends object>(sql: string, values: Readonly<Record<string, unknown>>): Promise<Row[]> {
    const { sequelize, transaction } = this.#deps;
    return sequelize.query<Row>(sql, { replacements: { ...values }, type: QueryTypes.SELECT, transaction });
  }
}
