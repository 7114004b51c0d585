/** Lists the entries of the audit log. */
import { requirePermission, type UserActor } from '#domain/shared/actor.ts';
import type { AuditEntry } from '../shared/audit-log.ts';
import type { Page, PageRequest } from '../shared/page.ts';
import type { AuditCursor, AuditFilter, AuditReads } from './ports.ts';

type Deps = Readonly<{ reads: Readonly<{ audit: Pick<AuditReads, 'list'> }> }>;

export class ListAudit {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /** Returns a page, newest first. Throws 403 without `audit.read`. */
  async execute(
    actor: UserActor,
    filter: AuditFilter,
    page: PageRequest<AuditCursor>,
  ): Promise<Page<AuditEntry, AuditCursor>> {
    requirePermission(actor, 'audit.read');
    return this.#deps.reads.audit.list(filter, page);
  }
}
