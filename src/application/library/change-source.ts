/** Changes the description of a source in the library. */
import { sourceFacts } from '#domain/library/audit-facts.ts';
import type { Source } from '#domain/library/source.ts';
import type { UserActor } from '#domain/shared/actor.ts';
import type { SourceId } from '#domain/shared/ids.ts';
import { type AuditEntries, type AuditLog, changedFacts } from '../shared/audit-log.ts';
import type { Precondition } from '../shared/precondition.ts';
import type { UnitOfWork } from '../shared/unit-of-work.ts';
import type { SourceInput } from './add-source.ts';
import type { Sources } from './ports.ts';
import { sourceFor } from './source-access.ts';

type Deps = Readonly<{ unitOfWork: UnitOfWork<{ sources: Sources; audit: AuditLog }>; audit: AuditEntries }>;

/** Fields that are left out keep their values. */
export type SourceChange = Readonly<Partial<SourceInput>>;

export class ChangeSource {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /** Throws 403 without `sources.write`; 404 `source_not_found`; 409 `source_taken`; what `precondition` throws. */
  async execute(
    actor: UserActor,
    id: SourceId,
    change: SourceChange,
    precondition: Precondition<Source>,
  ): Promise<Source> {
    const { unitOfWork, audit } = this.#deps;
    const entry = audit.by(actor, { action: 'sources.update', subject: `source:${id}` });
    return unitOfWork.run(async (repos) => {
      const source = await sourceFor(repos.sources, actor, { id, permission: 'sources.write' });
      precondition(source);
      const changed: Source = { ...source, ...change };
      const changes = changedFacts(sourceFacts(source), sourceFacts(changed));
      if (changes === null) return source;
      await repos.sources.save(changed);
      await repos.audit.add({ ...entry, ...changes });
      return changed;
    });
  }
}
