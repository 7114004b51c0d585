/** What use cases on documents begin with: who reads, and the document or a refusal. */
import type { Document } from '#domain/library/document.ts';
import { libraryErrors } from '#domain/library/errors.ts';
import type { LibraryReader } from '#domain/library/library-reader.ts';
import type { UserActor } from '#domain/shared/actor.ts';
import type { DocumentId } from '#domain/shared/ids.ts';
import type { Documents } from './ports.ts';

/** Whoever holds it changes sources and their documents. */
export const CHANGE_SOURCES = 'sources.write';

/** An actor who asks for themselves, at this moment. */
export function readerOf({ userId, permissions }: UserActor, now: Date): LibraryReader {
  const mayChangeSources = permissions.includes(CHANGE_SOURCES);
  return { userId, mayChangeSources, gameId: null, everyMemberOf: null, now };
}

/** Throws 404 `document_not_found` where it is not there for the reader, whether or not there is one. */
export async function getReadable(
  documents: Pick<Documents, 'findReadable'>,
  id: DocumentId,
  reader: LibraryReader,
): Promise<Document> {
  const document = await documents.findReadable(id, reader);
  if (document === undefined) throw libraryErrors.documentNotFound();
  return document;
}

/** For whoever may change it. Throws 404 `document_not_found`. */
export async function getDocument(documents: Pick<Documents, 'find'>, id: DocumentId): Promise<Document> {
  const document = await documents.find(id);
  if (document === undefined) throw libraryErrors.documentNotFound();
  return document;
}
