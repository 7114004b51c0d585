/** Exports the matching entries of the audit log as a stream of pages. */
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
   * Returns pages newest first, each read when the consumer asks for it, so that an export of any length takes constant
   * memory. The export itself is recorded in the audit log beforehand, and so is part of the export if the filter
   * matches it. Throws 403 without `audit.read`, before the first page.
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
