/** Seals new audit entries: appends them to the hash chain. Runs as a background task, and so at each start. */
import type { Secrets } from '../identity/ports.ts';
import type { UnitOfWork } from '../shared/unit-of-work.ts';
import { sealedAfter } from './chain.ts';
import type { AuditReads, AuditRecords } from './ports.ts';

/** Small enough that other units of work do not wait long. */
const ENTRIES_PER_UNIT = 100;

type Deps = Readonly<{
  unitOfWork: UnitOfWork<{ audit: AuditRecords }>;
  reads: Readonly<{ audit: Pick<AuditReads, 'listUnsealed'> }>;
  secrets: Pick<Secrets, 'digest'>;
}>;

export class SealAudit {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /** Seals every entry that is committed when it starts, oldest first. Returns the number of sealed entries. */
  async execute(): Promise<number> {
    let sealed = 0;
    // Looking outside a unit of work first keeps idle rounds out of the writer queue.
    while ((await this.#deps.reads.audit.listUnsealed(1)).length > 0) {
      const count = await this.#sealBatch();
      sealed += count;
      if (count < ENTRIES_PER_UNIT) break;
    }
    return sealed;
  }

  #sealBatch(): Promise<number> {
    const { unitOfWork, secrets } = this.#deps;
    return unitOfWork.run(async ({ audit }) => {
      const head = await audit.findHead();
      if (head === undefined) throw new Error('The head of the audit chain is gone: run npm run audit:verify.');
      const entries = await audit.listUnsealed(ENTRIES_PER_UNIT);
      await audit.seal(sealedAfter(head, entries, (text) => secrets.digest(text)));
      return entries.length;
    });
  }
}
