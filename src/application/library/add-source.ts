/** Adds a source to the library. */
import { sourceFacts } from '#domain/library/audit-facts.ts';
import type { Source } from '#domain/library/source.ts';
import { requirePermission, requirePermissionIn, type UserActor, workspaceFor } from '#domain/shared/actor.ts';
import type { WorkspaceId } from '#domain/shared/ids.ts';
import { requireStillMember } from '../shared/access/still-member.ts';
import type { AuditEntries, AuditLog } from '../shared/audit-log.ts';
import type { Clock } from '../shared/clock.ts';
import type { IdempotencyKeys, ToStoredResponse } from '../shared/idempotency.ts';
import type { Ids } from '../shared/ids.ts';
import type { UnitOfWork } from '../shared/unit-of-work.ts';
import type { Quotas, WorkspaceMembers } from '../workspaces/ports.ts';
import type { Sources } from './ports.ts';

type Deps = Readonly<{
  unitOfWork: UnitOfWork<{
    sources: Sources;
    workspaceMembers: Pick<WorkspaceMembers, 'find'>;
    quotas: Pick<Quotas, 'take'>;
    audit: AuditLog;
    idempotency: IdempotencyKeys;
  }>;
  audit: AuditEntries;
  clock: Clock;
  ids: Ids;
}>;

export type SourceInput = Readonly<Pick<Source, 'title' | 'publisher' | 'edition' | 'description' | 'included'>>;

/** The actor's first workspace where none is named. */
export type NewSourceInput = SourceInput & Readonly<{ workspaceId?: WorkspaceId | undefined }>;

export class AddSource {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /**
   * Returns the new source. Throws 403 without `sources.write` in its workspace; 404 `workspace_not_found`; 409
   * `source_taken`; 429 `quota_exceeded`.
   */
  async execute(
    actor: UserActor,
    { workspaceId: named, ...about }: NewSourceInput,
    toStoredResponse?: ToStoredResponse<Source>,
  ): Promise<Source> {
    requirePermission(actor, 'sources.write');
    const workspaceId = workspaceFor(actor, named);
    requirePermissionIn(actor, workspaceId, 'sources.write');
    const { unitOfWork, audit, clock, ids } = this.#deps;
    const source: Source = { id: ids.next('source'), workspaceId, ...about, createdAt: clock.now() };
    const entry = audit.by(actor, {
      action: 'sources.create',
      subject: `source:${source.id}`,
      after: sourceFacts(source),
    });
    await unitOfWork.run(async (repos) => {
      await requireStillMember(repos.workspaceMembers, workspaceId, actor.userId);
      await repos.quotas.take(workspaceId, { sources: 1 }, source.createdAt);
      await repos.sources.add(source);
      await repos.audit.add(entry);
      if (toStoredResponse !== undefined) await repos.idempotency.add(toStoredResponse(source));
    });
    return source;
  }
}
