/** Deletes a document: nobody sees it from then on, and a job gives back its passages and its file. */
import { documentFacts } from '#domain/library/audit-facts.ts';
import type { UserActor } from '#domain/shared/actor.ts';
import type { DocumentId } from '#domain/shared/ids.ts';
import type { Jobs } from '../../jobs/ports.ts';
import type { AuditEntries, AuditLog } from '../../shared/audit-log.ts';
import type { Clock } from '../../shared/clock.ts';
import type { Ids } from '../../shared/ids.ts';
import type { UnitOfWork } from '../../shared/unit-of-work.ts';
import type { Quotas } from '../../workspaces/ports.ts';
import type { Sources } from '../ports.ts';
import { changeableDocument } from './document-access.ts';
import { clearingJob } from './library-jobs.ts';
import type { Documents } from './ports.ts';
import { completeSource } from './requeue-source.ts';

type Deps = Readonly<{
  unitOfWork: UnitOfWork<{
    sources: Pick<Sources, 'find'>;
    documents: Pick<Documents, 'find' | 'hasDeduplicated' | 'remove'>;
    jobs: Pick<Jobs, 'add'>;
    quotas: Pick<Quotas, 'giveBack'>;
    audit: AuditLog;
  }>;
  audit: AuditEntries;
  clock: Clock;
  ids: Ids;
}>;

export class DeleteDocument {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /** Throws 403 without `sources.write`; 404 `document_not_found`. */
  async execute(actor: UserActor, id: DocumentId): Promise<void> {
    const { unitOfWork, audit, clock, ids } = this.#deps;
    const entry = audit.by(actor, { action: 'documents.delete', subject: `document:${id}` });
    const by = { requestedBy: actor.userId, createdAt: clock.now() };
    await unitOfWork.run(async ({ documents, sources, jobs, quotas, audit: log }) => {
      const { document, workspaceId } = await changeableDocument({ documents, sources }, actor, id);
      await documents.remove(id);
      await quotas.giveBack(workspaceId, { documents: 1, stored_bytes: document.bytes });
      const passages = [{ documentId: id, generation: null }];
      await jobs.add(clearingJob({ passages, fileNames: [document.fileName] }, { ...by, id: ids.next('job') }));
      await completeSource({ documents, jobs }, document.sourceId, { ...by, id: ids.next('job') });
      await log.add({ ...entry, before: documentFacts(document) });
    });
  }
}
