/** Goes along the chain of the audit log from its beginning and finds the first link that does not hold. */
import type { Secrets } from '../identity/ports.ts';
import { hashOf } from './chain.ts';
import type { AuditHead, AuditReads, SealedEntry } from './ports.ts';

const ENTRIES_PER_PAGE = 500;
const START: AuditHead = { sequence: 0, hash: '' };

/** Where the chain breaks: the place, what is wrong there, and the entry that stands there, if one does. */
export type BrokenLink = Readonly<{
  sequence: number;
  fault: 'missing' | 'altered' | 'beyond_head' | 'not_as_noted';
  id: string | null;
}>;

export type AuditVerdict = Readonly<{
  /** Links that hold, from the first one on. */
  verified: number;
  /** The last link that holds; whoever keeps it elsewhere can have it looked for later. */
  head: AuditHead;
  /** Null where the whole chain holds. */
  broken: BrokenLink | null;
  /** Entries that have no place yet. */
  unsealed: readonly string[];
}>;

type Deps = Readonly<{ reads: Readonly<{ audit: AuditReads }>; secrets: Pick<Secrets, 'digest'> }>;

export class VerifyAudit {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /** `noted` is a head that an earlier verification gave: the chain must still go through it. */
  async execute(noted: AuditHead | null = null): Promise<AuditVerdict> {
    const { audit } = this.#deps.reads;
    // Read before the entries: what is sealed meanwhile is beyond it, and not missed.
    const promised = (await audit.findHead()) ?? null;
    const { head, broken } = await this.#follow(promised, noted);
    const unsealed = (await audit.listUnsealed(ENTRIES_PER_PAGE)).map(({ id }) => id);
    const atEnd = missingAt(head, promised, noted) ?? (await this.#beyond(head));
    return { verified: head.sequence, head, broken: broken ?? atEnd, unsealed };
  }

  /** An entry with a place that no head speaks of. The head is read again, after it: it may have been sealed just now. */
  async #beyond(head: AuditHead): Promise<BrokenLink | null> {
    const { audit } = this.#deps.reads;
    const [link] = await audit.listSealed(head.sequence + 1, 1);
    if (link === undefined || link.sequence <= ((await audit.findHead())?.sequence ?? 0)) return null;
    return { sequence: link.sequence, fault: 'beyond_head', id: link.entry.id };
  }

  async #follow(
    promised: AuditHead | null,
    noted: AuditHead | null,
  ): Promise<{ head: AuditHead; broken: BrokenLink | null }> {
    const digest = (text: string) => this.#deps.secrets.digest(text);
    const until = promised?.sequence ?? 0;
    let head = START;
    while (head.sequence < until) {
      const page = await this.#deps.reads.audit.listSealed(
        head.sequence + 1,
        Math.min(ENTRIES_PER_PAGE, until - head.sequence),
      );
      if (page.length === 0) break;
      for (const link of page) {
        const fault = faultOf(link, head, noted, hashOf(head, link.entry, digest));
        if (fault !== null) return { head, broken: { sequence: head.sequence + 1, fault, id: link.entry.id } };
        head = link;
      }
    }
    return { head: { sequence: head.sequence, hash: head.hash }, broken: null };
  }
}

function faultOf(link: SealedEntry, previous: AuditHead, noted: AuditHead | null, hash: string) {
  if (link.sequence !== previous.sequence + 1) return 'missing';
  if (link.hash !== hash) return 'altered';
  return noted?.sequence === link.sequence && noted.hash !== hash ? 'not_as_noted' : null;
}

/** What is wrong at the end of entries that hold: fewer than were promised, or a head that is none of theirs. */
function missingAt(head: AuditHead, promised: AuditHead | null, noted: AuditHead | null): BrokenLink | null {
  const place = head.sequence + 1;
  if (promised === null || head.sequence < promised.sequence) return { sequence: place, fault: 'missing', id: null };
  if (head.hash !== promised.hash) return { sequence: head.sequence, fault: 'altered', id: null };
  if (noted !== null && noted.sequence > head.sequence) return { sequence: place, fault: 'missing', id: null };
  return null;
}
