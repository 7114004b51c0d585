/** Takes a file in as a document of a source, together with the job that reads it. */
import type { Job } from '#domain/jobs/job.ts';
import { documentFacts } from '#domain/library/audit-facts.ts';
import { type Document, isBeingRead, type NewDocument, queuedDocument, requeued } from '#domain/library/document.ts';
import type { WorkspaceId } from '#domain/shared/ids.ts';
import type { Jobs } from '../../jobs/ports.ts';
import type { AuditEntry, AuditLog } from '../../shared/audit-log.ts';
import type { Quotas } from '../../workspaces/ports.ts';
import { type Asked, READ_DOCUMENT, readingJob } from './library-jobs.ts';
import type { Documents } from './ports.ts';

type Repos = Readonly<{
  documents: Pick<Documents, 'findBySha256' | 'add' | 'save'>;
  jobs: Pick<Jobs, 'add' | 'findActive'>;
  quotas: Pick<Quotas, 'take'>;
  audit: AuditLog;
}>;

/** Into which workspace, and who asked for it. */
export type Taking = Readonly<{ workspaceId: WorkspaceId; asked: Asked; entry: AuditEntry }>;

export type TakenIn = Readonly<{
  document: Document;
  /** What reads it; null where it is read already. */
  job: Job | null;
  /** Whether it was not there before; if it was, the file that came is not needed. */
  isNew: boolean;
}>;

/**
 * The same bytes again in one source are the same document: it is read again only where that ended without success.
 * Throws 429 `quota_exceeded`, and has changed nothing then.
 */
export async function takeIn(
  { documents, jobs, quotas, audit }: Repos,
  added: NewDocument,
  { workspaceId, asked, entry }: Taking,
): Promise<TakenIn> {
  const there = await documents.findBySha256(added.sourceId, added.sha256);
  if (there === undefined) {
    await quotas.take(workspaceId, { documents: 1, stored_bytes: added.bytes }, added.createdAt);
    const document = queuedDocument(added);
    await documents.add(document);
    await audit.add({ ...entry, after: documentFacts(document) });
    return { document, job: await jobs.add(readingJob(document.id, asked)), isNew: true };
  }
  if (there.status === 'ready') return { document: there, job: null, isNew: false };
  if (isBeingRead(there))
    return { document: there, job: (await jobs.findActive(READ_DOCUMENT, there.id)) ?? null, isNew: false };
  const document = requeued(there);
  await documents.save(document);
  return { document, job: await jobs.add(readingJob(document.id, asked)), isNew: false };
}
