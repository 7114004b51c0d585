/** The ports of documents: repositories of documents and of their passages. */
import type { Document, DocumentKind, DocumentStatus } from '#domain/library/document.ts';
import type { LibraryReader } from '#domain/library/library-reader.ts';
import type { Passage } from '#domain/library/passage.ts';
import type { FoundPassage } from '#domain/retrieval/finding/found-passage.ts';
import type { DocumentId, PassageId, SourceId } from '#domain/shared/ids.ts';
import type { Page, PageRequest } from '../../shared/page.ts';

/** The keyset of the last document of a page: when it was added, and its id. */
export type DocumentCursor = Readonly<{ at: Date; id: DocumentId }>;
/** The ordinal of the last passage of a page. */
export type PassageCursor = number;

/** How many documents of a kind have a status. */
export type DocumentCount = Readonly<{ kind: DocumentKind; status: DocumentStatus; count: number }>;

/** Documents. Only a unit of work may call the methods that change something. */
export interface Documents {
  /** For whoever may change it, and for work without a reader. */
  find(id: DocumentId): Promise<Document | undefined>;
  /** The document of a source with these bytes. */
  findBySha256(sourceId: SourceId, sha256: string): Promise<Document | undefined>;
  /** As `find`, where it is there for the reader. */
  findReadable(id: DocumentId, reader: LibraryReader): Promise<Document | undefined>;
  /** Which of these documents are there for the reader. */
  findReadableIds(ids: readonly DocumentId[], reader: LibraryReader): Promise<ReadonlySet<DocumentId>>;
  /** Whether the source is there for the reader, whoever its documents are for. */
  isSourceReadable(sourceId: SourceId, reader: LibraryReader): Promise<boolean>;
  /** Returns a page of a source's documents, newest first. */
  list(sourceId: SourceId, page: PageRequest<DocumentCursor>): Promise<Page<Document, DocumentCursor>>;
  /** As `list`, for those that are there for the reader. */
  listReadable(
    sourceId: SourceId,
    reader: LibraryReader,
    page: PageRequest<DocumentCursor>,
  ): Promise<Page<Document, DocumentCursor>>;
  /** Which of these names in the file store are those of originals. */
  findFileNames(names: readonly string[]): Promise<readonly string[]>;
  /** Returns a page of all documents in the order of their ids. */
  listAll(page: PageRequest<DocumentId>): Promise<Page<Document, DocumentId>>;
  /** Whether some document of a source leaves out what others have. */
  hasDeduplicated(sourceId: SourceId): Promise<boolean>;
  /** Counts all documents by kind and status. */
  countAll(): Promise<readonly DocumentCount[]>;
  add(document: Document): Promise<void>;
  /** Updates every field of an existing document that can change. */
  save(document: Document): Promise<void>;
  /** Its passages are not seen from then on, and remain until `Passages.removePage` has taken the last one. */
  remove(id: DocumentId): Promise<void>;
}

/** Which passages of a document: those of a generation, or all. */
export type PassagesOf = Readonly<{ documentId: DocumentId; generation: number | null }>;

/** Passages of all generations. Only a unit of work may call the methods that change something. */
export interface Passages {
  /** Returns a passage of a generation that serves, where it is there for the reader, as it is cited. */
  findReadable(id: PassageId, reader: LibraryReader): Promise<FoundPassage | undefined>;
  /** Returns a page of a generation in reading order. */
  list(
    of: Readonly<{ documentId: DocumentId; generation: number }>,
    page: PageRequest<PassageCursor>,
  ): Promise<Page<Passage, PassageCursor>>;
  count(of: PassagesOf): Promise<number>;
  /**
   * Which of these digests are those of passages that serve in an earlier document of the same source: in one for
   * everyone before those for GMs, and in the older one else.
   */
  findEarlier(document: Document, sha256s: readonly string[]): Promise<ReadonlySet<string>>;
  /** Adds passages of one document and generation, in their order. */
  add(passages: readonly Passage[]): Promise<void>;
  /** Removes at most so many, and returns how many it has removed. */
  removePage(of: PassagesOf, limit: number): Promise<number>;
}
