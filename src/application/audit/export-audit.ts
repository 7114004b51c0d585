/** Reads all of the audit log that matches, page after page, for a download. */
import { requirePermission, type UserActor } from '#domain/shared/actor.ts';
import type { AuditEntries, AuditEntry, AuditLog } from '../shared/audit-log.ts';
import type { UnitOfWork } from '../shared/unit-of-work.ts';
import type { AuditCursor, AuditFilter, AuditReads } from './ports.ts';

const ENTRIES_PER_PAGE = 200;

type Deps = Readonly<{
  unitOfWork: UnitOfWork<{ audit: AuditLog }>;
  reads: Readonly<{ audit: Pick<AuditReads, 'list'> }>;
  audit: AuditEntries;
}>;

export class ExportAudit {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /**
   * Newest first, in pages that are read as they are asked for; who exports what is in the audit itself, and so in the export.
   * Throws 403 without `audit.read`, before any page.
   */
  async execute(actor: UserActor, filter: AuditFilter): Promise<AsyncIterable<readonly AuditEntry[]>> {
    requirePermission(actor, 'audit.read');
    const entry = this.#deps.audit.by(actor, { action: 'audit.export', subject: null, after: { filter } });
    await this.#deps.unitOfWork.run(({ audit }) => audit.add(entry));
    return this.#pages(filter);
  }

  async *#pages(filter: AuditFilter): AsyncIterable<readonly AuditEntry[]> {
    let cursor: AuditCursor | null = null;
    do {
      const page: Awaited<ReturnType<AuditReads['list']>> = await this.#deps.reads.audit.list(filter, {
        limit: ENTRIES_PER_PAGE,
        ...(cursor === null ? {} : { cursor }),
      });
      yield page.items;
      cursor = page.next;
    } while (cursor !== null);
  }
}
