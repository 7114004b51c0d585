/** Deletes a source from the library, with all licences to it and all documents. */
import { sourceFacts } from '#domain/library/audit-facts.ts';
import type { UserActor } from '#domain/shared/actor.ts';
import type { SourceId } from '#domain/shared/ids.ts';
import type { Jobs } from '../../jobs/ports.ts';
import type { AuditEntries, AuditLog } from '../../shared/audit-log.ts';
import type { Clock } from '../../shared/clock.ts';
import type { Ids } from '../../shared/ids.ts';
import type { UnitOfWork } from '../../shared/unit-of-work.ts';
import type { Sources } from '../ports.ts';
import { sourceFor } from '../source-access.ts';
import { clearingJob } from './library-jobs.ts';
import type { DocumentCursor, Documents } from './ports.ts';

type Repos = Readonly<{
  sources: Pick<Sources, 'find' | 'remove'>;
  documents: Pick<Documents, 'list'>;
  jobs: Pick<Jobs, 'add'>;
  audit: AuditLog;
}>;

type Deps = Readonly<{ unitOfWork: UnitOfWork<Repos>; audit: AuditEntries; clock: Clock; ids: Ids }>;

/** One job gives back the passages and files of so many documents. */
const DOCUMENTS_PER_JOB = 200;

export class DeleteSource {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /**
   * What nobody sees from then on is given back by jobs. Throws 403 without `sources.write`; 404 `source_not_found`.
   */
  async execute(actor: UserActor, id: SourceId): Promise<void> {
    const { unitOfWork, audit } = this.#deps;
    const entry = audit.by(actor, { action: 'sources.delete', subject: `source:${id}` });
    await unitOfWork.run(async (repos) => {
      const source = await sourceFor(repos.sources, actor, { id, permission: 'sources.write' });
      await this.#clear(repos, id, actor);
      await repos.sources.remove(id);
      await repos.audit.add({ ...entry, before: sourceFacts(source) });
    });
  }

  async #clear({ documents, jobs }: Repos, id: SourceId, { userId }: UserActor): Promise<void> {
    const { clock, ids } = this.#deps;
    let cursor: DocumentCursor | null | undefined;
    do {
      const { items, next } = await documents.list(id, { limit: DOCUMENTS_PER_JOB, ...(cursor && { cursor }) });
      const passages = items.map((document) => ({ documentId: document.id, generation: null }));
      const fileNames = items.map(({ fileName }) => fileName);
      const asked = { id: ids.next('job'), requestedBy: userId, createdAt: clock.now() };
      if (items.length > 0) await jobs.add(clearingJob({ passages, fileNames }, asked));
      cursor = next;
    } while (cursor !== null);
  }
}
