/** Verifies the hash chain of the audit log from its beginning and reports the first broken link. */
import type { Secrets } from '../identity/ports.ts';
import { hashOf } from './chain.ts';
import type { AuditHead, AuditReads, SealedEntry } from './ports.ts';

const ENTRIES_PER_PAGE = 500;
/** The head of an empty chain. */
const EMPTY_CHAIN: AuditHead = { sequence: 0, hash: '' };

/**
 * The first break in the chain. `sequence` is where it is, and `id` is the entry found there, null if none is.
 * `missing`: the entry is gone. `altered`: entry or hash changed. `beyond_head`: the head was moved back behind a
 * sealed entry. `not_as_noted`: the chain is valid but another than the one that was noted, so it was rebuilt.
 */
export type BrokenLink = Readonly<{
  sequence: number;
  fault: 'missing' | 'altered' | 'beyond_head' | 'not_as_noted';
  id: string | null;
}>;

export type AuditVerdict = Readonly<{
  /** The number of valid links from the first one on. */
  verified: number;
  /** The last valid link. Noted elsewhere, it lets a later verification detect that the whole chain was rebuilt. */
  head: AuditHead;
  /** Null if the whole chain is valid. */
  broken: BrokenLink | null;
  /** The ids of entries that are not sealed yet, at most 500. */
  unsealed: readonly string[];
}>;

type Deps = Readonly<{ reads: Readonly<{ audit: AuditReads }>; secrets: Pick<Secrets, 'digest'> }>;

export class VerifyAudit {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /**
   * Reads the whole chain in pages; runs beside a server that is adding entries. `noted` is a head that an earlier
   * verification returned: the chain must still contain it.
   */
  async execute(noted: AuditHead | null = null): Promise<AuditVerdict> {
    const { audit } = this.#deps.reads;
    // The head is read before the entries: those sealed meanwhile lie beyond it and do not count as missing.
    const expected = (await audit.findHead()) ?? null;
    const { head, broken } = await this.#follow(expected, noted);
    const unsealed = (await audit.listUnsealed(ENTRIES_PER_PAGE)).map(({ id }) => id);
    const atEnd = faultAtEnd(head, expected, noted) ?? (await this.#beyond(head));
    return { verified: head.sequence, head, broken: broken ?? atEnd, unsealed };
  }

  /**
   * Finds a sealed entry beyond the head. The head is read again after the entry, because the entry may have been
   * sealed only now.
   */
  async #beyond(head: AuditHead): Promise<BrokenLink | null> {
    const { audit } = this.#deps.reads;
    const [link] = await audit.listSealed(head.sequence + 1, 1);
    if (link === undefined || link.sequence <= ((await audit.findHead())?.sequence ?? 0)) return null;
    return { sequence: link.sequence, fault: 'beyond_head', id: link.entry.id };
  }

  /** Verifies the entries up to the expected head. Returns the last valid link, and the broken one after it, if any. */
  async #follow(
    expected: AuditHead | null,
    noted: AuditHead | null,
  ): Promise<{ head: AuditHead; broken: BrokenLink | null }> {
    const digest = (text: string) => this.#deps.secrets.digest(text);
    const until = expected?.sequence ?? 0;
    let head = EMPTY_CHAIN;
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

/**
 * The fault after the last valid link, if any: entries are missing up to a head, or the stored head has another hash.
 */
function faultAtEnd(head: AuditHead, expected: AuditHead | null, noted: AuditHead | null): BrokenLink | null {
  const next = head.sequence + 1;
  if (expected === null || head.sequence < expected.sequence) return { sequence: next, fault: 'missing', id: null };
  if (head.hash !== expected.hash) return { sequence: head.sequence, fault: 'altered', id: null };
  if (noted !== null && noted.sequence > head.sequence) return { sequence: next, fault: 'missing', id: null };
  return null;
}
