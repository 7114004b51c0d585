/** Adds a document to a source: keeps the file, and asks for it to be read. */
import type { Job } from '#domain/jobs/job.ts';
import type { Audience, Document, DocumentKind } from '#domain/library/document.ts';
import { CHANGE_SOURCES } from '#domain/library/library-reader.ts';
import { requirePermission, type UserActor } from '#domain/shared/actor.ts';
import { DomainError } from '#domain/shared/domain-error.ts';
import type { SourceId } from '#domain/shared/ids.ts';
import type { Jobs } from '../../jobs/ports.ts';
import type { AuditEntries, AuditLog } from '../../shared/audit-log.ts';
import type { Clock } from '../../shared/clock.ts';
import type { Ids } from '../../shared/ids.ts';
import { storeErrors } from '../../shared/store-errors.ts';
import type { UnitOfWork } from '../../shared/unit-of-work.ts';
import type { Quotas } from '../../workspaces/ports.ts';
import type { Sources } from '../ports.ts';
import { sourceFor } from '../source-access.ts';
import type { Files, StoredFile } from './files.ts';
import { type Asked, unpackingJob } from './library-jobs.ts';
import type { Documents } from './ports.ts';
import type { FileKinds } from './reading.ts';
import { type TakenIn, takeIn } from './take-in.ts';

/** Of every kind; most have a limit of their own below it. */
export const FILE_MAX_BYTES = 200 * 1024 * 1024;

type Repos = Readonly<{
  sources: Pick<Sources, 'find'>;
  documents: Pick<Documents, 'findBySha256' | 'add' | 'save'>;
  jobs: Pick<Jobs, 'add' | 'findActive'>;
  quotas: Pick<Quotas, 'take'>;
  audit: AuditLog;
}>;

type Deps = Readonly<{
  unitOfWork: UnitOfWork<Repos>;
  reads: Readonly<{ sources: Pick<Sources, 'find'> }>;
  files: Pick<Files, 'write' | 'readHead' | 'remove'>;
  kinds: FileKinds;
  audit: AuditEntries;
  clock: Clock;
  ids: Ids;
}>;

export type DocumentInput = Readonly<{
  /** As they come; they are read once the actor was found to have the permission. */
  bytes: AsyncIterable<Uint8Array>;
  /** Tells kinds of text apart that look alike; may be empty. */
  name: string;
  title: string;
  audience: Audience;
}>;

/** `document` is null for an archive, whose files become documents each. `job` is null where nothing is to be done. */
export type AddedDocument = Readonly<{ document: Document | null; job: Job | null }>;

export class AddDocument {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /**
   * Throws 403 without `sources.write`; 404 `source_not_found`; 415 `unsupported_document`, 422 `unreadable` and 413
   * `document_too_large` where the beginning and the size of the file tell; 429 `quota_exceeded`; what reading the
   * bytes throws.
   */
  async execute(actor: UserActor, sourceId: SourceId, input: DocumentInput): Promise<AddedDocument> {
    requirePermission(actor, CHANGE_SOURCES);
    const { reads, files } = this.#deps;
    await sourceFor(reads.sources, actor, { id: sourceId, permission: CHANGE_SOURCES });
    const file = await files.write(input.bytes, FILE_MAX_BYTES);
    try {
      const kind = await this.#kindOf(file, input.name);
      const added = await this.#add(actor, { sourceId, kind, file, input });
      if (added.document !== null && !added.isNew) await files.remove(file.name);
      return { document: added.document, job: added.job };
    } catch (error) {
      // What may have been added after all needs its file; else the check at the next start finds it.
      if (!(error instanceof DomainError && error.code === storeErrors.outcomeUnknown.code))
        await files.remove(file.name);
      throw error;
    }
  }

  async #kindOf({ name: fileName, bytes }: StoredFile, name: string): Promise<DocumentKind | 'zip'> {
    const { files, kinds } = this.#deps;
    return kinds.kindOf({ head: await files.readHead(fileName, kinds.headBytes), bytes, name });
  }

  #add(
    actor: UserActor,
    found: Readonly<{ sourceId: SourceId; kind: DocumentKind | 'zip'; file: StoredFile; input: DocumentInput }>,
  ): Promise<TakenIn | Readonly<{ document: null; job: Job }>> {
    const { unitOfWork, audit, clock, ids } = this.#deps;
    const { sourceId, kind, file, input } = found;
    const { title, audience } = input;
    const [createdBy, createdAt, id] = [actor.userId, clock.now(), ids.next('document')];
    const asked: Asked = { id: ids.next('job'), requestedBy: createdBy, createdAt };
    const entry = audit.by(actor, { action: 'documents.create', subject: `document:${id}` });
    const { name: fileName, bytes, sha256 } = file;
    return unitOfWork.run(async (repos) => {
      const { workspaceId } = await sourceFor(repos.sources, actor, { id: sourceId, permission: CHANGE_SOURCES });
      if (kind === 'zip')
        return { document: null, job: await repos.jobs.add(unpackingJob({ sourceId, fileName, audience }, asked)) };
      const document = { id, sourceId, title, kind, audience, bytes, sha256, createdBy, createdAt, fileName };
      return takeIn(repos, document, { workspaceId, asked, entry });
    });
  }
}
