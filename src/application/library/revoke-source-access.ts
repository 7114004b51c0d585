/** Revokes a user's licence to a source. */
import { accessFacts } from '#domain/library/audit-facts.ts';
import { libraryErrors } from '#domain/library/errors.ts';
import type { SourceAccess } from '#domain/library/source-access.ts';
import type { UserActor } from '#domain/shared/actor.ts';
import type { SourceId, UserId } from '#domain/shared/ids.ts';
import type { AuditEntries, AuditLog } from '../shared/audit-log.ts';
import type { Clock } from '../shared/clock.ts';
import type { UnitOfWork } from '../shared/unit-of-work.ts';
import type { SourceAccesses, Sources } from './ports.ts';
import { sourceFor } from './source-access.ts';

type Deps = Readonly<{
  unitOfWork: UnitOfWork<{ sources: Pick<Sources, 'find'>; sourceAccesses: SourceAccesses; audit: AuditLog }>;
  audit: AuditEntries;
  clock: Clock;
}>;

export class RevokeSourceAccess {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /**
   * Deletes the licence key, but not the licence, so that a used trial stays used. Throws 403 without `sources.grant`;
   * 404 `source_not_found`; 404 `access_not_found` if the user has no licence or it was revoked before.
   */
  async execute(actor: UserActor, sourceId: SourceId, userId: UserId): Promise<void> {
    const { unitOfWork, audit, clock } = this.#deps;
    const now = clock.now();
    const entry = audit.by(actor, { action: 'sources.revoke', subject: `source:${sourceId}` });
    await unitOfWork.run(async ({ sources, sourceAccesses, audit: log }) => {
      const { workspaceId } = await sourceFor(sources, actor, { id: sourceId, permission: 'sources.grant' });
      const access = await sourceAccesses.find(sourceId, userId);
      if (access === undefined || access.revokedAt !== null) throw libraryErrors.accessNotFound();
      const revoked: SourceAccess = { ...access, revokedAt: now, licenseKey: null };
      await sourceAccesses.save(revoked, workspaceId);
      await log.add({ ...entry, before: accessFacts(access), after: accessFacts(revoked) });
    });
  }
}
