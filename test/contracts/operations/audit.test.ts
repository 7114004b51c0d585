/** What every store of the audit log promises. */
import { expect } from 'chai';
import { sealedAfter } from '#application/audit/chain.ts';
import type { AuditCursor, AuditFilter } from '#application/audit/ports.ts';
import { ACTOR_KINDS, type AuditEntry, OUTCOMES } from '#application/shared/audit-log.ts';
import type { UserId } from '#domain/shared/ids.ts';
import { contract } from '../../support/backends/backends.ts';
import { ON_RECORD_STORES, recordStores } from '../../support/backends/record-stores.ts';
import { anAuditEntry, at } from '../../support/builders/records.ts';
import { failureOf } from '../../support/reporting/refusals.ts';

const digest = (text: string) => `hash of ${text.length}`;

contract('AuditLog', ON_RECORD_STORES, recordStores, (stores) => {
  const add = (...entries: readonly AuditEntry[]) =>
    stores().unitOfWork.run(async ({ audit }) => {
      for (const entry of entries) await audit.add(entry);
    });
  const list = async (filter: AuditFilter = {}) => (await stores().reads.audit.list(filter, { limit: 50 })).items;
  const sealAll = () =>
    stores().unitOfWork.run(async ({ audit }) => {
      const head = await audit.findHead();
      if (head === undefined) throw new Error('There is no head.');
      await audit.seal(sealedAfter(head, await audit.listUnsealed(50), digest));
    });

  it('returns every field as it was stored', async () => {
    const empty = anAuditEntry({
      actorId: null,
      actorKind: 'system',
      subject: null,
      before: null,
      after: null,
      ip: null,
      requestId: null,
    });
    for (const entry of [anAuditEntry({ at: at(1) }), empty]) {
      await add(entry);
      expect(await list({ action: entry.action })).to.deep.include(entry);
    }
  });

  it('stores no entry of a unit of work that fails', async () => {
    const work = stores().unitOfWork.run(async ({ audit }) => {
      await audit.add(anAuditEntry());
      throw new Error('on second thoughts');
    });
    await failureOf(work);
    expect(await list()).to.deep.equal([]);
    expect(await stores().reads.audit.countUnsealed()).to.equal(0);
  });

  it('takes entries of every actor and outcome that there is, and of no other', async () => {
    await failureOf(add(anAuditEntry({ actorKind: 'dragon' as 'user' })));
    await failureOf(add(anAuditEntry({ outcome: 'dragon' as 'done' })));
    expect(await list()).to.deep.equal([]);
    const kinds = ACTOR_KINDS.map((actorKind) => anAuditEntry({ actorKind }));
    const outcomes = OUTCOMES.map((outcome) => anAuditEntry({ outcome }));
    await add(...kinds, ...outcomes);
    expect(await list()).to.have.deep.members([...kinds, ...outcomes]);
  });

  it('lists entries newest first, those of one time by id, in pages without gaps or duplicates', async () => {
    const entries = [0, 0, 0, 5, 2, 2, 9].map((second) => anAuditEntry({ at: at(second) }));
    await add(...entries);
    await sealAll();
    const late = [anAuditEntry({ at: at(2) }), anAuditEntry({ at: at(10) })];
    await add(...late);
    const expected = [...entries, ...late].toSorted(
      (a, b) => b.at.getTime() - a.at.getTime() || (a.id < b.id ? 1 : -1),
    );
    const seen: AuditEntry[] = [];
    let cursor: AuditCursor | null = null;
    do {
      const page: Awaited<ReturnType<ReturnType<typeof stores>['reads']['audit']['list']>> =
        await stores().reads.audit.list({}, { limit: 2, ...(cursor === null ? {} : { cursor }) });
      seen.push(...page.items);
      cursor = page.next;
    } while (cursor !== null);
    expect(seen).to.deep.equal(expected);
  });

  it('filters entries by actor, action, subject and time, also combined', async () => {
    const actor = 'usr_one' as UserId;
    const one = anAuditEntry({ actorId: actor, action: 'roles.assign', subject: 'user:usr_two', at: at(5) });
    const other = anAuditEntry({ at: at(4) });
    await add(one, other);
    for (const filter of [{ actor }, { action: 'roles.assign' }, { subject: 'user:usr_two' }, { since: at(5) }]) {
      expect(await list(filter)).to.deep.equal([one]);
    }
    expect(await list({ since: at(4) })).to.deep.equal([one, other]);
    expect(await list({ actor, action: other.action })).to.deep.equal([]);
  });

  it('assigns sequences to entries once and in order, and advances the head', async () => {
    const { audit } = stores().reads;
    expect(await audit.findHead()).to.deep.equal({ sequence: 0, hash: '' });
    const [second, first] = [anAuditEntry({ at: at(2) }), anAuditEntry({ at: at(1) })];
    await add(second, first);
    expect(await audit.listUnsealed(1)).to.deep.equal([first]);
    await sealAll();
    const sealed = await audit.listSealed(1, 50);
    expect(sealed.map(({ sequence, entry }) => [sequence, entry])).to.deep.equal([
      [1, first],
      [2, second],
    ]);
    expect(await audit.findHead()).to.deep.equal({ sequence: 2, hash: sealed[1]?.hash });
    expect(await audit.countUnsealed()).to.equal(0);
    expect(await audit.listSealed(2, 50)).to.deep.equal(sealed.slice(1));
    expect(await audit.listSealed(3, 50)).to.deep.equal([]);
    await failureOf(stores().unitOfWork.run((repos) => repos.audit.seal(sealed)));
    expect(await audit.listSealed(1, 50)).to.deep.equal(sealed);
  });

  it('lists what is not sealed oldest first, and that of one time by id', async () => {
    const entries = [2, 1, 1, 1, 0].map((second) => anAuditEntry({ at: at(second) }));
    await add(...entries.toReversed());
    const inOrder = entries.toSorted((a, b) => a.at.getTime() - b.at.getTime() || (a.id < b.id ? -1 : 1));
    expect(await stores().reads.audit.listUnsealed(50)).to.deep.equal(inOrder);
    expect(await stores().reads.audit.listUnsealed(2)).to.deep.equal(inOrder.slice(0, 2));
  });

  it('assigns each sequence once if several calls seal concurrently', async () => {
    await add(...Array.from({ length: 20 }, (_, second) => anAuditEntry({ at: at(second) })));
    await Promise.all(Array.from({ length: 4 }, sealAll));
    const sealed = await stores().reads.audit.listSealed(1, 50);
    expect(sealed.map(({ sequence }) => sequence)).to.deep.equal(Array.from({ length: 20 }, (_, i) => i + 1));
  });
});
