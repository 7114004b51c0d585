/** Deletes a source from the library, with all licences to it and all documents. */
import { sourceFacts } from '#domain/library/audit-facts.ts';
import type { Document } from '#domain/library/document.ts';
import type { UserActor } from '#domain/shared/actor.ts';
import type { SourceId } from '#domain/shared/ids.ts';
import type { QuotaAmounts } from '#domain/workspaces/quota.ts';
import type { Jobs } from '../../jobs/ports.ts';
import type { AuditEntries, AuditLog } from '../../shared/audit-log.ts';
import type { Clock } from '../../shared/clock.ts';
import type { Ids } from '../../shared/ids.ts';
import type { UnitOfWork } from '../../shared/unit-of-work.ts';
import type { Quotas } from '../../workspaces/ports.ts';
import type { Sources } from '../ports.ts';
import { sourceFor } from '../source-access.ts';
import { type Asked, clearingJob } from './library-jobs.ts';
import type { DocumentCursor, Documents } from './ports.ts';

type Repos = Readonly<{
  sources: Pick<Sources, 'find' | 'remove'>;
  documents: Pick<Documents, 'list'>;
  jobs: Pick<Jobs, 'add'>;
  quotas: Pick<Quotas, 'giveBack'>;
  audit: AuditLog;
}>;

type Deps = Readonly<{ unitOfWork: UnitOfWork<Repos>; audit: AuditEntries; clock: Clock; ids: Ids }>;

/** Documents that are read at a time. */
const PAGE = 200;

export class DeleteSource {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /**
   * What nobody sees from then on is given back by a job. Throws 403 without `sources.write`; 404 `source_not_found`.
   */
  async execute(actor: UserActor, id: SourceId): Promise<void> {
    const { unitOfWork, audit, clock, ids } = this.#deps;
    const asked = { id: ids.next('job'), requestedBy: actor.userId, createdAt: clock.now() };
    const entry = audit.by(actor, { action: 'sources.delete', subject: `source:${id}` });
    await unitOfWork.run(async (repos) => {
      const source = await sourceFor(repos.sources, actor, { id, permission: 'sources.write' });
      const given = await clear(repos, id, asked);
      await repos.quotas.giveBack(source.workspaceId, { sources: 1, ...given });
      await repos.sources.remove(id);
      await repos.audit.add({ ...entry, before: sourceFacts(source) });
    });
  }
}

/** One job for all of them: it goes through them in pages. Returns what is free again. */
async function clear({ documents, jobs }: Repos, id: SourceId, asked: Asked): Promise<QuotaAmounts> {
  const all: Document[] = [];
  let cursor: DocumentCursor | null | undefined;
  do {
    const { items, next } = await documents.list(id, { limit: PAGE, ...(cursor && { cursor }) });
    all.push(...items);
    cursor = next;
  } while (cursor !== null);
  if (all.length === 0) return {};
  const passages = all.map((document) => ({ documentId: document.id, generation: null }));
  await jobs.add(clearingJob({ passages, fileNames: all.map(({ fileName }) => fileName) }, asked));
  return { documents: all.length, stored_bytes: all.reduce((sum, { bytes }) => sum + bytes, 0) };
}
