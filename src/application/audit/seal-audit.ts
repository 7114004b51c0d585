/** Gives new audit entries their places and hashes: what the background writer runs, and a start after a kill. */
import type { Secrets } from '../identity/ports.ts';
import type { UnitOfWork } from '../shared/unit-of-work.ts';
import { sealedAfter } from './chain.ts';
import type { AuditReads, AuditRecords } from './ports.ts';

/** Small enough that no other unit of work waits long for it. */
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

  /** Seals everything that is committed when it begins, oldest first; says how many entries that were. */
  async execute(): Promise<number> {
    let sealed = 0;
    while ((await this.#deps.reads.audit.listUnsealed(1)).length > 0) {
      const count = await this.#sealSome();
      sealed += count;
      if (count < ENTRIES_PER_UNIT) break;
    }
    return sealed;
  }

  #sealSome(): Promise<number> {
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
