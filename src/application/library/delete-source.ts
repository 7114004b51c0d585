/** Deletes a source from the library, with all licences to it. */
import { sourceFacts } from '#domain/library/audit-facts.ts';
import { requirePermission, type UserActor } from '#domain/shared/actor.ts';
import type { SourceId } from '#domain/shared/ids.ts';
import type { AuditEntries, AuditLog } from '../shared/audit-log.ts';
import type { UnitOfWork } from '../shared/unit-of-work.ts';
import type { Sources } from './ports.ts';
import { getSource } from './source-access.ts';

type Deps = Readonly<{ unitOfWork: UnitOfWork<{ sources: Sources; audit: AuditLog }>; audit: AuditEntries }>;

export class DeleteSource {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /** Throws 403 without `sources.write`; 404 `source_not_found`. */
  async execute(actor: UserActor, id: SourceId): Promise<void> {
    requirePermission(actor, 'sources.write');
    const { unitOfWork, audit } = this.#deps;
    const entry = audit.by(actor, { action: 'sources.delete', subject: `source:${id}` });
    await unitOfWork.run(async (repos) => {
      const source = await getSource(repos.sources, id);
      await repos.sources.remove(id);
      await repos.audit.add({ ...entry, before: sourceFacts(source) });
    });
  }
}
