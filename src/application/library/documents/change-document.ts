/** Changes the title of a document, and whom it is for. */
import { documentFacts } from '#domain/library/audit-facts.ts';
import type { Document } from '#domain/library/document.ts';
import type { UserActor } from '#domain/shared/actor.ts';
import type { DocumentId } from '#domain/shared/ids.ts';
import type { Jobs } from '../../jobs/ports.ts';
import { type AuditEntries, type AuditLog, changedFacts } from '../../shared/audit-log.ts';
import type { Clock } from '../../shared/clock.ts';
import type { Ids } from '../../shared/ids.ts';
import type { Precondition } from '../../shared/precondition.ts';
import type { UnitOfWork } from '../../shared/unit-of-work.ts';
import type { Sources } from '../ports.ts';
import { changeableDocument } from './document-access.ts';
import type { Documents } from './ports.ts';
import { completeSource } from './requeue-source.ts';

type Deps = Readonly<{
  unitOfWork: UnitOfWork<{
    sources: Pick<Sources, 'find'>;
    documents: Pick<Documents, 'find' | 'hasDeduplicated' | 'save'>;
    jobs: Pick<Jobs, 'add'>;
    audit: AuditLog;
  }>;
  audit: AuditEntries;
  clock: Clock;
  ids: Ids;
}>;

/** Fields that are left out keep their values. */
export type DocumentChange = Readonly<Partial<Pick<Document, 'title' | 'audience'>>>;

export class ChangeDocument {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /** Throws 403 without `sources.write`; 404 `document_not_found`; what `precondition` throws. */
  async execute(
    actor: UserActor,
    id: DocumentId,
    change: DocumentChange,
    precondition: Precondition<Document>,
  ): Promise<Document> {
    const { unitOfWork, audit, clock, ids } = this.#deps;
    const asked = { id: ids.next('job'), requestedBy: actor.userId, createdAt: clock.now() };
    const entry = audit.by(actor, { action: 'documents.update', subject: `document:${id}` });
    return unitOfWork.run(async (repos) => {
      const { document } = await changeableDocument(repos, actor, id);
      precondition(document);
      const changed: Document = { ...document, ...change };
      const changes = changedFacts(documentFacts(document), documentFacts(changed));
      if (changes === null) return document;
      await repos.documents.save(changed);
      // Whoever is no GM reads it no more: what others leave out for its sake is theirs again.
      if (changed.audience !== document.audience) await completeSource(repos, document.sourceId, asked);
      await repos.audit.add({ ...entry, ...changes });
      return changed;
    });
  }
}
