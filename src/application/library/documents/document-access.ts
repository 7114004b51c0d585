/** What use cases on documents begin with: who reads, and the document or a refusal. */
import type { Document } from '#domain/library/document.ts';
import { libraryErrors } from '#domain/library/errors.ts';
import { CHANGE_SOURCES, type LibraryReader } from '#domain/library/library-reader.ts';
import { isMemberOf, requirePermission, requirePermissionIn, type UserActor } from '#domain/shared/actor.ts';
import type { DocumentId, WorkspaceId } from '#domain/shared/ids.ts';
import type { Sources } from '../ports.ts';
import type { Documents } from './ports.ts';

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

/** What a document that is to be changed is looked up in. */
export type ChangeableRepos = Readonly<{ documents: Pick<Documents, 'find'>; sources: Pick<Sources, 'find'> }>;

/**
 * The document and its workspace, for whoever may change the sources there. Throws 403 without `sources.write` there;
 * 404 `document_not_found`, also where it is in a workspace that the actor is no member of.
 */
export async function changeableDocument(
  { documents, sources }: ChangeableRepos,
  actor: UserActor,
  id: DocumentId,
): Promise<Readonly<{ document: Document; workspaceId: WorkspaceId }>> {
  requirePermission(actor, CHANGE_SOURCES);
  const document = await documents.find(id);
  const source = document && (await sources.find(document.sourceId));
  if (document === undefined || source === undefined || !isMemberOf(actor, source.workspaceId))
    throw libraryErrors.documentNotFound();
  requirePermissionIn(actor, source.workspaceId, CHANGE_SOURCES);
  return { document, workspaceId: source.workspaceId };
}
