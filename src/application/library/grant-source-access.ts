/** Grants a user a licence to a source, replacing the one that they have. */
import { accessFacts } from '#domain/library/audit-facts.ts';
import { type AccessType, checkTerms, granted, type SourceAccess } from '#domain/library/source-access.ts';
import type { UserActor } from '#domain/shared/actor.ts';
import type { SourceId, UserId } from '#domain/shared/ids.ts';
import { type AuditEntries, type AuditLog, changedFacts } from '../shared/audit-log.ts';
import type { Cipher } from '../shared/cipher.ts';
import type { Clock } from '../shared/clock.ts';
import type { UnitOfWork } from '../shared/unit-of-work.ts';
import type { WorkspaceMembers } from '../workspaces/ports.ts';
import type { SourceAccesses, Sources } from './ports.ts';
import { sourceFor } from './source-access.ts';

type Deps = Readonly<{
  unitOfWork: UnitOfWork<{
    sources: Pick<Sources, 'find'>;
    sourceAccesses: SourceAccesses;
    workspaceMembers: Pick<WorkspaceMembers, 'getRole'>;
    audit: AuditLog;
  }>;
  audit: AuditEntries;
  cipher: Pick<Cipher, 'encrypt'>;
  clock: Clock;
}>;

export type GrantInput = Readonly<{
  type: AccessType;
  /** The time of the grant if it is null. */
  validFrom: Date | null;
  /** Null for a licence that does not end. */
  expiresAt: Date | null;
  /** In plain text; it is stored encrypted. */
  licenseKey: string | null;
}>;

export class GrantSourceAccess {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /**
   * Returns the licence, with its key encrypted, of a member of the source's workspace. Throws 403 without
   * `sources.grant`; 400 `trial_needs_expiry`, `access_period_empty`; 404 `source_not_found`, `user_not_found`; 409
   * `trial_used`, `encryption_not_configured`.
   */
  async execute(actor: UserActor, sourceId: SourceId, userId: UserId, input: GrantInput): Promise<SourceAccess> {
    const { unitOfWork, audit, clock } = this.#deps;
    const now = clock.now();
    checkTerms(input, now);
    const entry = audit.by(actor, { action: 'sources.grant', subject: `source:${sourceId}` });
    return unitOfWork.run(async ({ sources, sourceAccesses, workspaceMembers, audit: log }) => {
      const { workspaceId } = await sourceFor(sources, actor, { id: sourceId, permission: 'sources.grant' });
      await workspaceMembers.getRole(workspaceId, userId);
      const before = await sourceAccesses.find(sourceId, userId);
      const bare = granted({ sourceId, userId }, before, { ...input, licenseKey: null }, now);
      if (before !== undefined && input.licenseKey === null && isSame(before, bare)) return before;
      const save = (one: SourceAccess) => sourceAccesses.save(one, workspaceId);
      const access = await this.#save(save, bare, input.licenseKey);
      await log.add({
        ...entry,
        before: before === undefined ? null : accessFacts(before),
        after: accessFacts(access),
      });
      return access;
    });
  }

  /** Saves without the key first, so that a missing user is reported before missing encryption. */
  async #save(
    save: (access: SourceAccess) => Promise<void>,
    bare: SourceAccess,
    plainKey: string | null,
  ): Promise<SourceAccess> {
    await save(bare);
    if (plainKey === null) return bare;
    const access = { ...bare, licenseKey: this.#deps.cipher.encrypt(plainKey) };
    await save(access);
    return access;
  }
}

/** Whether a grant without a licence key leaves the licence as it was. */
function isSame(before: SourceAccess, after: SourceAccess): boolean {
  return changedFacts(accessFacts(before), accessFacts(after)) === null;
}
