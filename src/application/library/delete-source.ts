/** Deletes a source from the library, with all licences to it. */
import { type Actor, requirePermission } from '#domain/shared/actor.ts';
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
  async execute(actor: Actor, id: SourceId): Promise<void> {
    requirePermission(actor, 'sources.write');
    const { unitOfWork, audit } = this.#deps;
    await unitOfWork.run(async (repos) => {
      const { title, edition } = await getSource(repos.sources, id);
      await repos.sources.remove(id);
      const entry = { action: 'sources.delete', subject: `source:${id}`, before: { title, edition } };
      await repos.audit.add(audit.by(actor, entry));
    });
  }
}
