/** Keeps a file that a job has brought: as a document of its source, with the job that reads it. */
import type { Audience, DocumentKind, NewDocument } from '#domain/library/document.ts';
import { DomainError } from '#domain/shared/domain-error.ts';
import type { SourceId, UserId } from '#domain/shared/ids.ts';
import type { Users } from '../../identity/ports.ts';
import type { Jobs } from '../../jobs/ports.ts';
import type { AuditEntries, AuditLog } from '../../shared/audit-log.ts';
import type { Clock } from '../../shared/clock.ts';
import type { Ids } from '../../shared/ids.ts';
import type { Quotas } from '../../workspaces/ports.ts';
import type { Files, StoredFile } from '../documents/files.ts';
import { clearingJob } from '../documents/library-jobs.ts';
import type { Documents } from '../documents/ports.ts';
import { type Taking, takeIn } from '../documents/take-in.ts';
import type { Sources } from '../ports.ts';
import { presentUser } from './present-user.ts';

export type KeepingRepos = Readonly<{
  sources: Pick<Sources, 'find'>;
  users: Pick<Users, 'find'>;
  documents: Pick<Documents, 'findBySha256' | 'add' | 'save'>;
  jobs: Pick<Jobs, 'add' | 'findActive'>;
  quotas: Pick<Quotas, 'take'>;
  audit: AuditLog;
}>;

type Deps = Readonly<{ audit: AuditEntries; clock: Clock; ids: Ids }>;

type Brought = Readonly<{
  sourceId: SourceId;
  title: string;
  kind: DocumentKind;
  audience: Audience;
  requestedBy: UserId | null;
  file: StoredFile;
}>;

/** Whether the source was still there, and why the file is no document of it although it was. */
export type KeptFile = Readonly<{ isThere: boolean; refusal: string | null }>;

/**
 * Returns what does it in a unit of work. A file that is not needed is given back: the source has gone, has these bytes
 * already, or its workspace has no room.
 */
export function keepFile(
  { audit, clock, ids }: Deps,
  { file, requestedBy, ...about }: Brought,
): (repos: KeepingRepos) => Promise<KeptFile> {
  const [id, createdAt] = [ids.next('document'), clock.now()];
  const [reading, clearing] = [ids.next('job'), ids.next('job')];
  const entry = audit.by(
    { kind: 'system', onBehalfOf: requestedBy },
    { action: 'documents.create', subject: `document:${id}` },
  );
  const { name: fileName, bytes, sha256 } = file;
  return async (repos) => {
    const source = await repos.sources.find(about.sourceId);
    // Whoever asked for it may be deleted meanwhile.
    const createdBy = await presentUser(repos, requestedBy);
    const document = { id, ...about, bytes, sha256, createdBy, createdAt, fileName };
    const asked = { id: reading, requestedBy: createdBy, createdAt };
    const taken = source && (await takenIn(repos, document, { workspaceId: source.workspaceId, asked, entry }));
    if (taken?.isNew !== true)
      await repos.jobs.add(clearingJob({ fileNames: [fileName] }, { id: clearing, requestedBy: null, createdAt }));
    return { isThere: source !== undefined, refusal: taken?.refusal ?? null };
  };
}

/** Without a document where there is no room for it. */
async function takenIn(
  repos: KeepingRepos,
  document: NewDocument,
  by: Taking,
): Promise<Readonly<{ isNew: boolean; refusal: string | null }>> {
  try {
    const { isNew } = await takeIn(repos, document, by);
    return { isNew, refusal: null };
  } catch (error) {
    if (!(error instanceof DomainError && error.kind === 'limited')) throw error;
    return { isNew: false, refusal: error.message };
  }
}

/** Writes a file that is in memory. */
export function writeBytes(files: Pick<Files, 'write'>, bytes: Uint8Array): Promise<StoredFile> {
  return files.write(oneChunk(bytes), bytes.length);
}

async function* oneChunk(bytes: Uint8Array): AsyncIterable<Uint8Array> {
  yield bytes;
}
