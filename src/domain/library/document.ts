/** Documents: the files of a source, and what became of reading them. */
import type { DocumentId, SourceId, UserId } from '#domain/shared/ids.ts';

export const DOCUMENT_KINDS = ['pdf', 'docx', 'epub', 'html', 'xml', 'vtt', 'srt', 'csv', 'markdown', 'text'] as const;
export type DocumentKind = (typeof DOCUMENT_KINDS)[number];

/** Whom a document is for: whoever may read its source, or the GMs among them. */
export const AUDIENCES = ['everyone', 'gm'] as const;
export type Audience = (typeof AUDIENCES)[number];

export const DOCUMENT_STATUSES = ['queued', 'reading', 'ready', 'failed', 'canceled'] as const;
/** Of its last reading. What an earlier one found goes on serving, however a later one ends. */
export type DocumentStatus = (typeof DOCUMENT_STATUSES)[number];

export type Document = Readonly<{
  id: DocumentId;
  sourceId: SourceId;
  title: string;
  kind: DocumentKind;
  audience: Audience;
  /** Size of the original. */
  bytes: number;
  /** Of the original, in hexadecimal. No two documents of a source have the same. */
  sha256: string;
  /** Null where it has none, or was never read. */
  pages: number | null;
  status: DocumentStatus;
  /** How many passages serve. */
  passages: number;
  /** Why its last reading failed, in a sentence. */
  error: string | null;
  /** Null once they are deleted. */
  createdBy: UserId | null;
  createdAt: Date;
  /** The generation of passages that serves; 0 for none. */
  generation: number;
  /** The newest generation that a reading has begun. No two readings write the same one. */
  lastGeneration: number;
  /** Whether what serves, or is being read, leaves out what an earlier document of its source has. */
  deduplicated: boolean;
  /** Of the original in the file store, where names are random. */
  fileName: string;
}>;
/** What is known of a document before it is read. */
export type NewDocument = Pick<
  Document,
  'id' | 'sourceId' | 'title' | 'kind' | 'audience' | 'bytes' | 'sha256' | 'createdBy' | 'createdAt' | 'fileName'
>;

export function queuedDocument(added: NewDocument): Document {
  return {
    ...added,
    pages: null,
    status: 'queued',
    passages: 0,
    error: null,
    generation: 0,
    lastGeneration: 0,
    deduplicated: false,
  };
}

/** A document whose reading begins: it writes a generation of its own, beside the one that serves. */
export function beginReading(document: Document, deduplicates: boolean): Document {
  return {
    ...document,
    status: 'reading',
    error: null,
    lastGeneration: document.lastGeneration + 1,
    // What serves may lack passages until the end.
    deduplicated: document.deduplicated || deduplicates,
  };
}

/** A document whose reading has written all passages of its generation: they serve from now on. */
export function finishReading(
  document: Document,
  read: Pick<Document, 'generation' | 'pages' | 'passages' | 'deduplicated'>,
): Document {
  return { ...document, ...read, status: 'ready', error: null };
}

/** A document whose reading ended before its end: what served goes on serving. */
export function endReading(document: Document, status: 'failed' | 'canceled', error: string | null): Document {
  return { ...document, status, error };
}

/** A document that waits to be read once more. */
export function requeued(document: Document): Document {
  return { ...document, status: 'queued', error: null };
}

/** Whether a reading of it is queued or under way. */
export function isBeingRead({ status }: Pick<Document, 'status'>): boolean {
  return status === 'queued' || status === 'reading';
}
