/** The statements by which passages are found. The rule for who may read is part of each that tells of a passage. */
import type { FoundPassage } from '#domain/retrieval/finding/found-passage.ts';
import type { ReadableIndex, TermPostings } from '#domain/retrieval/finding/ranking.ts';
import type { DocumentId, PassageId, SourceId } from '#domain/shared/ids.ts';
import { type Dialect, statement } from '../shared/statement.ts';
import { DOCUMENT_IS_READABLE, READER_TYPES } from './readable-documents.ts';

const IN_SOURCES: Readonly<Record<Dialect, string>> = {
  sqlite: 'SELECT value FROM json_each(:sources)',
  postgres: 'SELECT json_array_elements_text(:sources::json)',
};

/** Of the generations that serve. `sources` is a JSON array of ids, or null for all. */
export const READABLE_INDEXES = statement(
  'readable-passage-indexes',
  { ...READER_TYPES, sources: 'text?' },
  (dialect) => `
    SELECT i.number AS key, i.passages, i.terms
    FROM documents AS d
    JOIN sources AS s ON s.id = d.source_id
    JOIN passage_indexes AS i ON i.document_id = d.id AND i.generation = d.generation
    WHERE (:sources IS NULL OR d.source_id IN (${IN_SOURCES[dialect]})) AND ${DOCUMENT_IS_READABLE}
    ORDER BY i.number`,
  ({ key, passages, terms }: ReadableIndex): ReadableIndex => ({ key: Number(key), passages, terms }),
);

/** On PostgreSQL, the postings of one term as they follow each other: the key, the number of bytes, and these. */
type PostingsRow = Readonly<{ term: string } & ({ key: number; postings: Uint8Array } | { all: Buffer })>;

const KEY_BYTES = 8;
const LENGTH_BYTES = 4;

/**
 * Each of the terms is looked up in each of the indexes. Both are arrays, JSON on SQLite and PostgreSQL's own there. A
 * reading of a book has many parts, and to read a row takes PostgreSQL's driver longer than to find it: a term is one.
 * Given two arrays to compare with, it would read all terms of each index.
 */
export const POSTINGS = statement(
  'passage-postings',
  { indexes: 'text', terms: 'text' },
  (dialect) =>
    dialect === 'sqlite'
      ? `SELECT t.index_number AS key, t.term, t.postings
         FROM json_each(:indexes) AS i CROSS JOIN json_each(:terms) AS w
         CROSS JOIN passage_terms AS t ON t.index_number = i.value AND t.term = w.value`
      : `SELECT t.term, string_agg(int8send(t.key) || int4send(octet_length(t.postings)) || t.postings, '') AS all
         FROM json_array_elements_text(:indexes::json) AS i CROSS JOIN json_array_elements_text(:terms::json) AS w
         CROSS JOIN LATERAL (
           SELECT index_number AS key, term, postings FROM passage_terms
           WHERE index_number = i.value::bigint AND term = w.value OFFSET 0) AS t
         GROUP BY t.term`,
  (row: PostingsRow): readonly TermPostings[] =>
    'all' in row ? postingsIn(row) : [{ key: Number(row.key), term: row.term, postings: row.postings }],
);

function postingsIn({ term, all }: Readonly<{ term: string; all: Buffer }>): readonly TermPostings[] {
  const found: TermPostings[] = [];
  for (let at = 0; at < all.length; ) {
    const [key, length] = [Number(all.readBigInt64BE(at)), all.readInt32BE(at + KEY_BYTES)];
    const start = at + KEY_BYTES + LENGTH_BYTES;
    at = start + length;
    found.push({ key, term, postings: all.subarray(start, at) });
  }
  return found;
}

/** Which rows have vectors of these indexes that can be compared. */
export const VECTOR_ROWS = statement(
  'passage-vector-rows',
  { indexes: 'text', model: 'text', dimension: 'integer' },
  (dialect) =>
    dialect === 'sqlite'
      ? `SELECT v.number, v.index_number AS key
         FROM json_each(:indexes) AS i CROSS JOIN passage_vectors AS v
           ON v.index_number = i.value AND v.model = :model AND v.dimension = :dimension`
      : `SELECT number, index_number AS key FROM passage_vectors
         WHERE index_number = ANY (ARRAY(SELECT json_array_elements_text(:indexes::json)::bigint))
           AND model = :model AND dimension = :dimension`,
  ({ number, key }: VectorRow): VectorRow => ({ number: Number(number), key: Number(key) }),
);

type VectorRow = Readonly<{ number: number; key: number }>;

/** The vectors of such rows. */
export const VECTORS = statement(
  'passage-vectors',
  { rows: 'text' },
  (dialect) =>
    dialect === 'sqlite'
      ? 'SELECT v.number, v.vectors FROM json_each(:rows) AS r CROSS JOIN passage_vectors AS v ON v.number = r.value'
      : `SELECT number, vectors FROM passage_vectors
         WHERE number = ANY (ARRAY(SELECT json_array_elements_text(:rows::json)::bigint))`,
  ({ number, vectors }: Readonly<{ number: number; vectors: Uint8Array }>) => ({ number: Number(number), vectors }),
);

export type FoundRow = Readonly<{
  id: string;
  document_id: string;
  source_id: string;
  source_title: string;
  heading_path: string;
  page: number | null;
  page_label: string | null;
  time_code: string | null;
  text: string;
}>;

const FOUND = `
  SELECT p.id, p.document_id, s.id AS source_id, s.title AS source_title, p.heading_path, p.page, p.page_label,
    p.time_code, p.text`;
const SERVING = 'p.document_id = d.id AND p.generation = d.generation';

export function foundFrom(row: FoundRow): FoundPassage {
  return {
    id: row.id as PassageId,
    documentId: row.document_id as DocumentId,
    source: { id: row.source_id as SourceId, title: row.source_title },
    headingPath: row.heading_path,
    pageLabel: row.page_label ?? (row.page === null ? null : String(row.page)),
    timeCode: row.time_code,
    text: row.text,
  };
}

const PLACES: Readonly<Record<Dialect, string>> = {
  sqlite: 'SELECT value ->> 0 AS key, value ->> 1 AS ordinal FROM json_each(:places)',
  postgres: `SELECT (value ->> 0)::bigint AS key, (value ->> 1)::integer AS ordinal
    FROM json_array_elements(:places::json)`,
};

/** Of a table that it has no statistics of yet, PostgreSQL would read whole documents for one of their passages. */
const PASSAGE_IN_PLACE: Readonly<Record<Dialect, string>> = {
  sqlite: 'CROSS JOIN passages AS p',
  postgres: `CROSS JOIN LATERAL (
    SELECT * FROM passages AS one
    WHERE one.document_id = d.id AND one.generation = d.generation AND one.ordinal = place.ordinal LIMIT 1) AS p`,
};

/** `places` is a JSON array of pairs: the number of an index, and an ordinal. */
export const PASSAGES_IN_PLACES = statement(
  'passages-in-places',
  { ...READER_TYPES, places: 'text' },
  (dialect) => `
    ${FOUND}, place.key, place.ordinal
    FROM (${PLACES[dialect]}) AS place
    CROSS JOIN passage_indexes AS i
    CROSS JOIN documents AS d
    CROSS JOIN sources AS s
    ${PASSAGE_IN_PLACE[dialect]}
    WHERE i.number = place.key AND d.id = i.document_id AND d.generation = i.generation AND s.id = d.source_id
      AND ${SERVING} AND p.ordinal = place.ordinal AND ${DOCUMENT_IS_READABLE}`,
  ({ key, ordinal, ...row }: FoundRow & Readonly<{ key: number; ordinal: number }>) => ({
    key: Number(key),
    ordinal,
    ...foundFrom(row),
  }),
);

/** The passage with an id, where it serves and is there for the reader. */
export const READABLE_PASSAGE = `
  ${FOUND}
  FROM passages AS p JOIN documents AS d ON ${SERVING} JOIN sources AS s ON s.id = d.source_id
  WHERE p.id = :id AND ${DOCUMENT_IS_READABLE}`;
