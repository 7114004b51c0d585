/** How documents and passages look to clients. */
import { z } from 'zod';
import { AUDIENCES, DOCUMENT_KINDS, DOCUMENT_STATUSES, type Document } from '#domain/library/document.ts';
import type { Passage } from '#domain/library/passage.ts';
import { time } from '../declaration/output.ts';
import { jobSchema } from '../jobs/schemas.ts';

export const audience = z.enum(AUDIENCES).describe('Whom it is for, of those who may read its source.');

export const documentSchema = z
  .strictObject({
    id: z.string(),
    source_id: z.string(),
    title: z.string(),
    kind: z.enum(DOCUMENT_KINDS).describe('What the first bytes of the file say.'),
    audience,
    bytes: z.int().min(0),
    sha256: z.string().describe('Of the file, in hexadecimal.'),
    pages: z.int().min(0).nullable().describe('Null where it has none, or was never read.'),
    status: z
      .enum(DOCUMENT_STATUSES)
      .describe('Of its last reading. Passages of an earlier one serve until one is ready.'),
    passages: z.int().min(0).describe('How many serve.'),
    error: z.string().nullable().describe('Why its last reading failed.'),
    created_by: z.string().nullable(),
    created_at: time,
  })
  .meta({ id: 'Document' });

export const addedDocumentSchema = z
  .strictObject({
    document: documentSchema
      .nullable()
      .describe('Null for an archive, whose files become documents, and for an address, until it is fetched.'),
    job: jobSchema.nullable().describe('Null where nothing is to be done: the document is there already.'),
  })
  .meta({ id: 'AddedDocument' });

export const passageSchema = z
  .strictObject({
    id: z.string().describe('The same after another reading that finds the same text.'),
    document_id: z.string(),
    ordinal: z.int().min(1),
    heading_path: z.string().describe('"Monsters > Aboleth > Actions"; may be empty.'),
    page: z.int().min(1).nullable(),
    page_label: z.string().nullable().describe('What is printed on the page.'),
    time_code: z.string().nullable(),
    text: z.string(),
    tokens: z.int().min(0),
    sha256: z.string(),
  })
  .meta({ id: 'Passage' });

export function toDocumentJson(document: Document): z.input<typeof documentSchema> {
  return {
    id: document.id,
    source_id: document.sourceId,
    title: document.title,
    kind: document.kind,
    audience: document.audience,
    bytes: document.bytes,
    sha256: document.sha256,
    pages: document.pages,
    status: document.status,
    passages: document.passages,
    error: document.error,
    created_by: document.createdBy,
    created_at: document.createdAt.toISOString(),
  };
}

export function toPassageJson(passage: Passage): z.input<typeof passageSchema> {
  return {
    id: passage.id,
    document_id: passage.documentId,
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
