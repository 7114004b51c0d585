/** The audit log and the head of its chain in memory. */
import type { AuditCursor, AuditFilter, AuditHead, AuditRecords, SealedEntry } from '#application/audit/ports.ts';
import { ACTOR_KINDS, type AuditEntry, type AuditFacts, OUTCOMES } from '#application/shared/audit-log.ts';
import type { Page, PageRequest } from '#application/shared/page.ts';
import { known } from '#domain/shared/vocabulary.ts';
import { newestFirst, oldestFirst } from '../shared/keyset.ts';
import type { Changes, MemoryTables } from '../shared/tables.ts';

/** The one key of the one head. */
const HEAD = 'head';

function matches(entry: AuditEntry, filter: AuditFilter): boolean {
  return (
    (filter.actor === undefined || entry.actorId === filter.actor) &&
    (filter.action === undefined || entry.action === filter.action) &&
    (filter.subject === undefined || entry.subject === filter.subject) &&
    (filter.since === undefined || entry.at >= filter.since)
  );
}

function keyOf({ at, id }: AuditEntry): AuditCursor {
  return { at, id };
}

/** Facts as they would come back out of a database. */
function stored(facts: AuditFacts | null): AuditFacts | null {
  return facts && JSON.parse(JSON.stringify(facts));
}

export class MemoryAuditLog implements AuditRecords {
  readonly #tables: MemoryTables;
  readonly #changes: Changes;

  constructor(deps: Readonly<{ tables: MemoryTables; changes: Changes }>) {
    this.#tables = deps.tables;
    this.#changes = deps.changes;
  }

  async add(entry: AuditEntry): Promise<void> {
    const table = this.#tables.unsealedAudit;
    known(ACTOR_KINDS, entry.actorKind);
    known(OUTCOMES, entry.outcome);
    this.#changes.set(table, entry.id, { ...entry, before: stored(entry.before), after: stored(entry.after) });
  }

  async list(filter: AuditFilter, page: PageRequest<AuditCursor>): Promise<Page<AuditEntry, AuditCursor>> {
    const sealed = [...this.#changes.all(this.#tables.sealedAudit)].map(({ entry }) => entry);
    const entries = [...sealed, ...this.#changes.all(this.#tables.unsealedAudit)];
    return newestFirst(
      entries.filter((entry) => matches(entry, filter)),
      keyOf,
      page,
    );
  }

  async listSealed(fromSequence: number, limit: number): Promise<readonly SealedEntry[]> {
    const found: SealedEntry[] = [];
    for (let sequence = fromSequence; found.length < limit; sequence++) {
      const sealed = this.#changes.find(this.#tables.sealedAudit, String(sequence));
      if (sealed === undefined) break;
      found.push(sealed);
    }
    return found;
  }

  async listUnsealed(limit: number): Promise<readonly AuditEntry[]> {
    return oldestFirst(this.#changes.all(this.#tables.unsealedAudit), keyOf, { limit }).items;
  }

  async countUnsealed(): Promise<number> {
    return [...this.#changes.all(this.#tables.unsealedAudit)].length;
  }

  async findHead(): Promise<AuditHead> {
    return this.#changes.find(this.#tables.auditHead, HEAD) ?? { sequence: 0, hash: '' };
  }

  async seal(entries: readonly SealedEntry[]): Promise<void> {
    for (const sealed of entries) {
      if (this.#changes.has(this.#tables.sealedAudit, String(sealed.sequence)))
        throw new Error('The sequence is taken.');
      this.#changes.remove(this.#tables.unsealedAudit, sealed.entry.id);
      this.#changes.set(this.#tables.sealedAudit, String(sealed.sequence), sealed);
    }
    const last = entries.at(-1);
    if (last !== undefined)
      this.#changes.set(this.#tables.auditHead, HEAD, { sequence: last.sequence, hash: last.hash });
  }
}
