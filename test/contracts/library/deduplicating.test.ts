/** Equal passages of a source: kept once where that is asked for, and never lost by it, on every record store. */
import { expect } from 'chai';
import { ChangeDocument } from '#application/library/documents/change-document.ts';
import { DedupeSource } from '#application/library/documents/dedupe-source.ts';
import { DeleteDocument } from '#application/library/documents/delete-document.ts';
import { RebuildSource } from '#application/library/documents/rebuild-source.ts';
import { AuditEntries } from '#application/shared/audit-log.ts';
import type { Document } from '#domain/library/document.ts';
import { NO_ORIGIN, type UserActor } from '#domain/shared/actor.ts';
import type { SourceId, UserId } from '#domain/shared/ids.ts';
import { workspaceRights } from '#domain/shared/workspace-rights.ts';
import { contract } from '../../support/backends/backends.ts';
import { ON_RECORD_STORES, recordStores } from '../../support/backends/record-stores.ts';
import type { Worker } from '../../support/builders/jobs.ts';
import { aReading, ReadingWorld } from '../../support/builders/reading.ts';
import { at, aUser, newId } from '../../support/builders/records.ts';

const KEEPER: UserActor = {
  kind: 'user',
  userId: 'usr_keeper' as UserId,
  permissions: ['sources.write'],
  workspaces: workspaceRights([], false),
  sessionId: null,
  tokenId: null,
  origin: NO_ORIGIN,
};

contract('Deduplicating', ON_RECORD_STORES, recordStores, (stores) => {
  let world: ReadingWorld;
  let worker: Worker;
  let source: SourceId;
  let [secret, older, newer]: Document[] = [];
  const as = (document: Document | undefined) => document as Document;
  const deps = () => {
    const clock = { now: () => worker.now };
    const ids = { next: newId };
    return { unitOfWork: stores().unitOfWork, audit: new AuditEntries({ clock, ids }), clock, ids };
  };
  const served = async () => ({
    secret: await world.served(as(secret)),
    older: await world.served(as(older)),
    newer: await world.served(as(newer)),
  });
  const ONCE = { secret: ['x'], older: ['a', 'b', 'c'], newer: ['d'] };
  const ALL = { secret: ['a', 'x'], older: ['a', 'b', 'c'], newer: ['b', 'c', 'd'] };

  beforeEach(async () => {
    world = new ReadingWorld(stores());
    worker = world.worker();
    await stores().unitOfWork.run(({ users }) => users.add(aUser({ id: KEEPER.userId })));
    source = await world.source();
    const add = async (fields: Partial<Document>) => (await world.documentOf(source, fields)).document;
    secret = await add({ audience: 'gm', createdAt: at(1) });
    older = await add({ createdAt: at(2) });
    newer = await add({ createdAt: at(3) });
    world.reads = (id) => {
      if (id === secret?.id) return aReading(['a', 'x']);
      return id === older?.id ? aReading(['a', 'b'], ['c']) : aReading(['b'], ['c', 'd']);
    };
    // The same text in another source is another's.
    await world.documentOf(await world.source(), { createdAt: at(0) });
    await worker.run();
    expect(await served()).to.deep.equal(ALL);
    await new DedupeSource(deps()).execute(KEEPER, source);
    await worker.run();
  });

  it('keeps what is for everyone before what is for GMs, then the older, and counts what serves', async () => {
    expect(await served()).to.deep.equal(ONCE);
    expect(await world.found(as(newer))).to.include({ status: 'ready', passages: 1, deduplicated: true });
    expect(await world.stored(as(newer))).to.equal(1);
    await new DedupeSource(deps()).execute(KEEPER, source);
    await worker.run();
    expect(await served()).to.deep.equal(ONCE);
  });

  it('gives back what a deleted document had kept for others', async () => {
    await new DeleteDocument(deps()).execute(KEEPER, as(older).id);
    await worker.run();
    expect(await served()).to.deep.equal({ secret: ['a', 'x'], older: [], newer: ['b', 'c', 'd'] });
  });

  it('gives back what is for GMs alone from now on, so that everyone still reads it', async () => {
    await new ChangeDocument(deps()).execute(KEEPER, as(older).id, { audience: 'gm' }, () => {});
    await worker.run();
    expect((await served()).newer).to.deep.equal(['b', 'c', 'd']);
  });

  it('gives back what is deleted while a later document is read that has left it out already', async () => {
    await new DedupeSource(deps()).execute(KEEPER, source);
    let deleted: Promise<void> | undefined;
    const reads = world.reads;
    world.reads = async (id) => reads(id);
    world.beforeBatch = (index) => {
      if (index === 1) deleted ??= new DeleteDocument(deps()).execute(KEEPER, as(older).id);
    };
    await worker.run();
    await deleted;
    await worker.run();
    expect((await served()).newer).to.deep.equal(['b', 'c', 'd']);
  });

  it('is undone by a rebuild', async () => {
    await new RebuildSource(deps()).execute(KEEPER, source);
    await worker.run();
    expect(await served()).to.deep.equal(ALL);
    expect(await world.found(as(newer))).to.include({ passages: 3, deduplicated: false });
  });
});
