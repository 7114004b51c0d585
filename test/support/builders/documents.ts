/** Documents and passages with every field filled, for tests to vary. */
import type { Document } from '#domain/library/document.ts';
import type { Passage } from '#domain/library/passage.ts';
import type { SourceId } from '#domain/shared/ids.ts';
import { at, newId } from './records.ts';

export function aDocument(sourceId: SourceId, fields: Partial<Document> = {}): Document {
  const id = fields.id ?? newId('document');
  return {
    id,
    sourceId,
    title: 'Bestiary, part 1 — “the deep” 🐉',
    kind: 'pdf',
    audience: 'everyone',
    bytes: 5_000_000_000,
    sha256: `digest-of-${id}`,
    pages: 320,
    status: 'ready',
    passages: 2,
    error: null,
    createdBy: null,
    createdAt: at(0),
    generation: 1,
    lastGeneration: 1,
    deduplicated: false,
    fileName: `file-of-${id}`,
    ...fields,
  };
}

export function aPassage(document: Pick<Document, 'id' | 'sourceId'>, fields: Partial<Passage> = {}): Passage {
  return {
    id: newId('passage'),
    documentId: document.id,
    sourceId: document.sourceId,
    generation: 1,
    ordinal: 1,
    headingPath: 'Monsters > Aboleth > “Actions”',
    page: 12,
    pageLabel: 'xii',
    timeCode: '00:12:05',
    text: "It sleeps.\nIt’s 🐉, \\ and 'quoted'; $1 :name ?",
    tokens: 9,
    sha256: 'digest-of-a-passage',
    ...fields,
  };
}
