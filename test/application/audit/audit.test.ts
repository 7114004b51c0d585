/** The audit's chain: what is sealed, what is found when it was tampered with, and what is left out. */
import { createHash } from 'node:crypto';
import { expect } from 'chai';
import { MemoryDatabase } from '#adapters/memory/database.ts';
import { canonical, sealedAfter } from '#application/audit/chain.ts';
import type { AuditHead, AuditReads, SealedEntry } from '#application/audit/ports.ts';
import { SealAudit } from '#application/audit/seal-audit.ts';
import { VerifyAudit } from '#application/audit/verify-audit.ts';
import { type AuditEntry, changedFacts } from '#application/shared/audit-log.ts';
import type { AuditEntryId, UserId } from '#domain/shared/ids.ts';
import { anAuditEntry, at } from '../../support/builders/records.ts';

const secrets = { digest: (text: string) => createHash('sha256').update(text).digest('hex') };

function chainOf(length: number): readonly SealedEntry[] {
  const entries = Array.from({ length }, (_, n) => anAuditEntry({ at: at(n) }));
  return sealedAfter({ sequence: 0, hash: '' }, entries, secrets.digest);
}

/** A log that holds just this. */
function readsOf(links: readonly SealedEntry[], head: AuditHead | undefined): AuditReads {
  const inOrder = links.toSorted((a, b) => a.sequence - b.sequence);
  return {
    list: async () => ({ items: [], next: null }),
    listSealed: async (from, limit) => inOrder.filter(({ sequence }) => sequence >= from).slice(0, limit),
    listUnsealed: async () => [],
    countUnsealed: async () => 0,
    findHead: async () => head,
  };
}

function verdictOn(links: readonly SealedEntry[], head: AuditHead | undefined, noted: AuditHead | null = null) {
  return new VerifyAudit({ reads: { audit: readsOf(links, head) }, secrets }).execute(noted);
}

describe('the audit chain', () => {
  const links = chainOf(7);
  const head = links.at(-1) as SealedEntry;
  const third = links[2] as SealedEntry;
  const altered = (fields: Partial<AuditEntry>) =>
    links.map((link) => (link === third ? { ...third, entry: { ...third.entry, ...fields } } : link));

  it('is intact if nothing was tampered with', async () => {
    const { verified, broken } = await verdictOn(links, head);
    expect({ verified, broken }).to.deep.equal({ verified: 7, broken: null });
    expect((await verdictOn([], { sequence: 0, hash: '' })).broken).to.equal(null);
  });

  const changes: { [Name in keyof AuditEntry]: AuditEntry[Name] } = {
    id: 'aud_another' as AuditEntryId,
    at: at(99),
    actorId: 'usr_another' as UserId,
    actorKind: 'token',
    action: 'users.delete',
    subject: null,
    outcome: 'refused',
    before: { displayName: 'Élise “Lis” 🐉', roles: ['gm', 'admin'] },
    after: null,
    ip: '127.0.0.2',
    requestId: 'request-2',
  };
  for (const [name, value] of Object.entries(changes)) {
    it(`is broken at the entry whose ${name} was altered`, async () => {
      const { verified, broken } = await verdictOn(altered({ [name]: value }), head);
      expect(verified).to.equal(2);
      expect(broken).to.deep.include({ sequence: 3, fault: 'altered' });
    });
  }

  it('is broken if a hash was altered, or an entry and its hash were both replaced', async () => {
    const rehashed = links.map((link) => (link === third ? { ...third, hash: 'f'.repeat(64) } : link));
    expect((await verdictOn(rehashed, head)).broken).to.deep.include({ sequence: 3, fault: 'altered' });
    const entry = { ...third.entry, action: 'users.read' };
    const [forged] = sealedAfter(links[1] as SealedEntry, [entry], secrets.digest) as [SealedEntry];
    const { broken } = await verdictOn(
      links.map((link) => (link === third ? forged : link)),
      head,
    );
    expect(broken).to.deep.include({ sequence: 4, fault: 'altered' });
  });

  it('is broken where an entry was deleted, be it the first, a middle or the last one', async () => {
    for (const sequence of [1, 3, 7]) {
      const { verified, broken } = await verdictOn(
        links.filter((link) => link.sequence !== sequence),
        head,
      );
      expect(verified).to.equal(sequence - 1);
      expect(broken).to.deep.include({ sequence, fault: 'missing' });
    }
  });

  it('is broken where two entries swapped sequences, or were renumbered after a deletion', async () => {
    const swapped = links.map((link) => ({
      ...link,
      sequence: link.sequence === 3 ? 4 : link.sequence === 4 ? 3 : link.sequence,
    }));
    expect((await verdictOn(swapped, head)).broken).to.deep.include({ sequence: 3, fault: 'altered' });
    const closedUp = links.filter((link) => link !== third).map((link, i) => ({ ...link, sequence: i + 1 }));
    expect((await verdictOn(closedUp, head)).broken).to.deep.include({ sequence: 3, fault: 'altered' });
  });

  it('is broken if it was truncated or emptied, or its head was lowered, removed or altered', async () => {
    expect((await verdictOn(links.slice(0, 4), head)).broken).to.deep.include({ sequence: 5, fault: 'missing' });
    expect((await verdictOn([], head)).broken).to.deep.include({ sequence: 1, fault: 'missing' });
    expect((await verdictOn(links, links[3])).broken).to.deep.include({ sequence: 5, fault: 'beyond_head' });
    expect((await verdictOn(links, undefined)).broken).to.deep.equal({ sequence: 1, fault: 'missing', id: null });
    expect((await verdictOn(links, { sequence: 7, hash: 'f'.repeat(64) })).broken).to.deep.include({
      fault: 'altered',
    });
  });

  it('is broken if it contradicts a head noted elsewhere, because it was rebuilt or truncated', async () => {
    const anew = chainOf(9);
    expect((await verdictOn(anew, anew.at(-1))).broken).to.equal(null);
    expect((await verdictOn(anew, anew.at(-1), head)).broken).to.deep.include({ sequence: 7, fault: 'not_as_noted' });
    expect((await verdictOn(links.slice(0, 4), links[3], head)).broken).to.deep.include({
      sequence: 5,
      fault: 'missing',
    });
    expect((await verdictOn(links, head, links[3])).broken).to.equal(null);
  });

  it('has the form that every stored hash depends on', () => {
    const entry: AuditEntry = {
      id: 'aud_1' as AuditEntryId,
      at: new Date('2026-01-02T03:04:05.678Z'),
      actorId: 'usr_1' as UserId,
      actorKind: 'token',
      action: 'users.update',
      subject: 'user:usr_2',
      outcome: 'done',
      before: { roles: ['gm'], nested: { b: null, a: 1.5 } },
      after: { text: 'Élise “Lis” 🐉', roles: [] },
      ip: '192.0.2.7',
      requestId: 'request-7',
    };
    expect(canonical(entry)).to.equal(
      '["aud_1","2026-01-02T03:04:05.678Z","usr_1","token","users.update","user:usr_2","done",' +
        '{"nested":{"a":1.5,"b":null},"roles":["gm"]},{"roles":[],"text":"Élise “Lis” 🐉"},"192.0.2.7","request-7"]',
    );
    const [first, second] = sealedAfter({ sequence: 0, hash: '' }, [entry, { ...entry, before: null }], secrets.digest);
    expect([first?.sequence, first?.hash]).to.deep.equal([
      1,
      '83aad126cb2c29333a6819af436c5db7ba0c0605066b87767aac4dc3aa018546',
    ]);
    expect([second?.sequence, second?.hash]).to.deep.equal([
      2,
      '693bdf6775ffc51ece9ed67f071a770b2c0a5f3babbee3986fd274fc546a085f',
    ]);
  });

  it('is intact where an entry is sealed while it is verified', async () => {
    const grown = chainOf(8);
    let heads = 0;
    const audit: AuditReads = {
      ...readsOf(grown, undefined),
      // At the first read the last entry is not sealed yet.
      findHead: async () => (heads++ === 0 ? (grown[6] as SealedEntry) : (grown[7] as SealedEntry)),
    };
    const verdict = await new VerifyAudit({ reads: { audit }, secrets }).execute();
    expect(verdict).to.deep.include({ verified: 7, broken: null });
    expect(heads).to.equal(2);
  });

  it('does not depend on the order of the keys in an entry’s facts', () => {
    const entry = anAuditEntry({ before: { a: { c: 1, b: [{ e: 2, d: 3 }] }, f: null } });
    const reordered = { ...entry, before: { f: null, a: { b: [{ d: 3, e: 2 }], c: 1 } } };
    expect(canonical(reordered)).to.equal(canonical(entry));
  });
});

describe('SealAudit', () => {
  it('seals all of 250 entries, and VerifyAudit lists those that are not sealed yet', async () => {
    const { unitOfWork, reads } = new MemoryDatabase();
    const seal = new SealAudit({ unitOfWork, reads, secrets });
    await unitOfWork.run(async ({ audit }) => {
      for (let n = 0; n < 250; n += 1) await audit.add(anAuditEntry({ at: at(n) }));
    });
    expect(await seal.execute()).to.equal(250);
    expect(await seal.execute()).to.equal(0);
    const late = anAuditEntry();
    await unitOfWork.run(({ audit }) => audit.add(late));
    const verdict = await new VerifyAudit({ reads, secrets }).execute();
    expect(verdict).to.deep.include({ verified: 250, broken: null, unsealed: [late.id] });
    await seal.execute();
    expect(await new VerifyAudit({ reads, secrets }).execute(verdict.head)).to.deep.include({
      verified: 251,
      broken: null,
    });
  });
});

describe('changedFacts', () => {
  it('returns the fields that differ, before and after, or null if none does', () => {
    const before = { email: 'a', roles: ['gm'], status: 'active' };
    expect(changedFacts(before, { ...before, roles: ['gm', 'player'] })).to.deep.equal({
      before: { roles: ['gm'] },
      after: { roles: ['gm', 'player'] },
    });
    expect(changedFacts(before, { ...before, roles: ['gm'] })).to.equal(null);
  });
});
