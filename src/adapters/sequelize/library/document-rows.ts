/** Documents and passages as rows: the models, and the mapping both ways. */
import type { Model, ModelStatic, Sequelize } from 'sequelize';
import {
  AUDIENCES,
  type Audience,
  DOCUMENT_KINDS,
  DOCUMENT_STATUSES,
  type Document,
  type DocumentKind,
  type DocumentStatus,
} from '#domain/library/document.ts';
import type { Passage } from '#domain/library/passage.ts';
import type { DocumentId, PassageId, SourceId, UserId } from '#domain/shared/ids.ts';
import { known } from '#domain/shared/vocabulary.ts';
import {
  bigint,
  boolean,
  dateFrom,
  integer,
  nullable,
  primaryKey,
  reference,
  text,
  time,
  unique,
} from '../shared/columns.ts';

export type DocumentRow = {
  id: string;
  source_id: string;
  title: string;
  kind: string;
  audience: string;
  bytes: number;
  sha256: string;
  pages: number | null;
  status: string;
  passages: number;
  error: string | null;
  created_by: string | null;
  created_at: number;
  generation: number;
  last_generation: number;
  deduplicated: boolean;
  file_name: string;
};

export type DocumentModel = ModelStatic<Model<DocumentRow>>;

export function defineDocuments(sequelize: Sequelize): DocumentModel {
  return sequelize.define<Model<DocumentRow>>(
    'document',
    {
      id: primaryKey(text()),
      source_id: unique(reference('sources'), 'bytes_of_source'),
      title: text(),
      kind: text(),
      audience: text(),
      bytes: bigint(),
      sha256: unique(text(), 'bytes_of_source'),
      pages: nullable(integer()),
      status: text(),
      passages: integer(),
      error: nullable(text()),
      created_by: nullable(reference('users')),
      created_at: time(),
      generation: integer(),
      last_generation: integer(),
      deduplicated: boolean(),
      file_name: text(),
    },
    { tableName: 'documents', timestamps: false },
  );
}

export function documentFrom(row: DocumentRow): Document {
  return {
    id: row.id as DocumentId,
    sourceId: row.source_id as SourceId,
    title: row.title,
    kind: row.kind as DocumentKind,
    audience: row.audience as Audience,
    bytes: Number(row.bytes),
    sha256: row.sha256,
    pages: row.pages,
    status: row.status as DocumentStatus,
    passages: row.passages,
    error: row.error,
    createdBy: row.created_by as UserId | null,
    createdAt: dateFrom(row.created_at),
    generation: row.generation,
    lastGeneration: row.last_generation,
    deduplicated: Boolean(row.deduplicated),
    fileName: row.file_name,
  };
}

export function documentRow(document: Document): DocumentRow {
  return {
    id: document.id,
    source_id: document.sourceId,
    bytes: document.bytes,
    sha256: document.sha256,
    created_by: document.createdBy,
    created_at: document.createdAt.getTime(),
    file_name: document.fileName,
    ...changeableColumns(document),
  };
}

/** What may change of a document, once it is there. */
export function changeableColumns(document: Document) {
  return {
    title: document.title,
    kind: known(DOCUMENT_KINDS, document.kind),
    audience: known(AUDIENCES, document.audience),
    pages: document.pages,
    status: known(DOCUMENT_STATUSES, document.status),
    passages: document.passages,
    error: document.error,
    generation: document.generation,
    last_generation: document.lastGeneration,
    deduplicated: document.deduplicated,
  };
}

/** But for the number, which the database gives. */
export type PassageRow = {
  id: string;
  document_id: string;
  source_id: string;
  generation: number;
  ordinal: number;
  heading_path: string;
  page: number | null;
  page_label: string | null;
  time_code: string | null;
  text: string;
  tokens: number;
  sha256: string;
};

type NumberedRow = PassageRow & { number: number };

export type PassageModel = ModelStatic<Model<NumberedRow>>;

export function definePassages(sequelize: Sequelize): PassageModel {
  const number = sequelize.getDialect() === 'sqlite' ? integer() : bigint();
  return sequelize.define<Model<NumberedRow>>(
    'passage',
    {
      number: { ...primaryKey(number), autoIncrement: true },
      id: text(),
      document_id: unique(text(), 'place'),
      source_id: text(),
      generation: unique(integer(), 'place'),
      ordinal: unique(integer(), 'place'),
      heading_path: text(),
      page: nullable(integer()),
      page_label: nullable(text()),
      time_code: nullable(text()),
      text: text(),
      tokens: integer(),
      sha256: text(),
    },
    { tableName: 'passages', timestamps: false },
  );
}

export function passageFrom(row: PassageRow): Passage {
  return {
    id: row.id as PassageId,
    documentId: row.document_id as DocumentId,
    sourceId: row.source_id as SourceId,
    generation: row.generation,
    ordinal: row.ordinal,
    headingPath: row.heading_path,
    page: row.page,
    pageLabel: row.page_label,
    timeCode: row.time_code,
    text: row.text,
    tokens: row.tokens,
    sha256: row.sha256,
  };
}

export function passageRow(passage: Passage): PassageRow {
  return {
    id: passage.id,
    document_id: passage.documentId,
    source_id: passage.sourceId,
    generation: passage.generation,
    ordinal: passage.ordinal,
    heading_path: passage.headingPath,
    page: passage.page,
    page_label: passage.pageLabel,
    time_code: passage.timeCode,
    text: passage.text,
    tokens: passage.tokens,
    sha256: passage.sha256,
  };
}
