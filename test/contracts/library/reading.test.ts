/** What reading a document promises on every record store, whatever happens in its midst. */
import { expect } from 'chai';
import { CancelJob } from '#application/jobs/cancel-job.ts';
import { RetryJob } from '#application/jobs/retry-job.ts';
import { DeleteDocument } from '#application/library/documents/delete-document.ts';
import { AuditEntries } from '#application/shared/audit-log.ts';
import { retrievalErrors } from '#domain/retrieval/errors.ts';
import { NO_ORIGIN, type UserActor } from '#domain/shared/actor.ts';
import type { JobId, UserId } from '#domain/shared/ids.ts';
import { workspaceRights } from '#domain/shared/workspace-rights.ts';
import { contract } from '../../support/backends/backends.ts';
import { ON_RECORD_STORES, recordStores } from '../../support/backends/record-stores.ts';
import { jobOf, type Worker } from '../../support/builders/jobs.ts';
import { aReading, ReadingWorld } from '../../support/builders/reading.ts';
import { at, aUser, newId } from '../../support/builders/records.ts';

const NEW = () => aReading(['x'], ['y'], ['z']);
const KEEPER: UserActor = {
  kind: 'user',
  userId: 'usr_keeper' as UserId,
  permissions: ['jobs.manage', 'sources.write'],
  workspaces: workspaceRights([], false),
  sessionId: null,
  tokenId: null,
  origin: NO_ORIGIN,
};

contract('Reading documents', ON_RECORD_STORES, recordStores, (stores) => {
  let world: ReadingWorld;
  let worker: Worker;
  beforeEach(() => {
    world = new ReadingWorld(stores());
    worker = world.worker();
  });

  const tools = () => {
    const clock = { now: () => worker.now };
    return { unitOfWork: stores().unitOfWork, audit: new AuditEntries({ clock, ids: { next: newId } }), clock };
  };
  const handlers = () => worker.handlers;
  const cancel = (id: JobId) => new CancelJob({ ...tools(), handlers: handlers() }).execute(KEEPER, id);
  const retry = (id: JobId) => new RetryJob({ ...tools(), handlers: handlers() }).execute(KEEPER, id);

  it('writes every passage, and lets them serve when all are there', async () => {
    const { document, jobId } = await world.document();
    const seen: unknown[] = [];
    world.beforeBatch = () => void seen.push(world.found(document));
    await worker.run();
    expect(await world.served(document)).to.deep.equal(['a', 'b', 'c']);
    expect(await world.found(document)).to.deep.include({ status: 'ready', passages: 3, pages: 3, generation: 1 });
    const progress = { done: 3, total: 3, note: 'page 2 has no text: scanned?' };
    expect(await jobOf(stores(), jobId)).to.deep.include({ status: 'done', progress });
    for (const before of await Promise.all(seen)) expect(before).to.include({ generation: 0, status: 'reading' });
    expect(world.readings).to.equal(1);
  });

  it('goes on after its last batch when it was broken off, without any passage twice', async () => {
    const { document } = await world.document();
    let failures = 1;
    world.beforeBatch = (index) => {
      if (index === 1 && failures-- > 0) throw new Error('The thread ended.');
    };
    await worker.run();
    expect(await world.served(document)).to.deep.equal([]);
    expect(await world.found(document)).to.include({ status: 'reading' });
    worker.now = at(60);
    await worker.run();
    expect(await world.served(document)).to.deep.equal(['a', 'b', 'c']);
    expect(await world.stored(document)).to.equal(3);
    expect(world.readings).to.equal(2);
  });

  it('begins anew where the file is cut otherwise when it goes on, and leaves nothing of what it had', async () => {
    const { document } = await world.document();
    world.beforeBatch = (index) => {
      if (index === 1) throw new Error('The thread ended.');
    };
    await worker.run();
    world.beforeBatch = () => {};
    world.reads = () => aReading(['a'], ['b'], ['c'], ['d']);
    worker.now = at(60);
    await worker.run();
    expect(await world.served(document)).to.deep.equal(['a', 'b', 'c', 'd']);
    expect(await world.stored(document)).to.equal(4);
  });

  it('replaces what serves in one moment, and removes the old passages behind it', async () => {
    const { document } = await world.document();
    await worker.run();
    world.reads = NEW;
    const serving: Promise<readonly string[]>[] = [];
    world.beforeBatch = () => void serving.push(world.served(document));
    await world.ask(document);
    await worker.run();
    for (const texts of await Promise.all(serving)) expect(texts).to.deep.equal(['a', 'b', 'c']);
    expect(await world.served(document)).to.deep.equal(['x', 'y', 'z']);
    expect(await world.stored(document)).to.equal(3);
  });

  it('fails at once where the file is refused, with the reason, and what served goes on serving', async () => {
    const { document } = await world.document();
    await worker.run();
    world.reads = () => {
      throw retrievalErrors.unreadable({}, 'It is encrypted.');
    };
    const jobId = await world.ask(document);
    await worker.run();
    expect(await jobOf(stores(), jobId)).to.include({ status: 'failed', error: 'It is encrypted.', attempts: 1 });
    expect(await world.found(document)).to.include({ status: 'failed', error: 'It is encrypted.', passages: 3 });
    expect(await world.served(document)).to.deep.equal(['a', 'b', 'c']);
  });

  it('fails after its attempts where reading breaks off each time, and leaves nothing of them', async () => {
    const { document, jobId } = await world.document();
    world.beforeBatch = (index) => {
      if (index === 1) throw new Error('The thread ended.');
    };
    for (let seconds = 0; (await jobOf(stores(), jobId)).status !== 'failed'; seconds += 700) {
      worker.now = at(seconds);
      await worker.run();
    }
    await worker.run();
    const { error } = await jobOf(stores(), jobId);
    expect(error).to.be.a('string');
    expect(await world.found(document)).to.include({ status: 'failed', error, passages: 0, generation: 0 });
    expect(await world.stored(document)).to.equal(0);
  });

  it('ends within a batch when it is canceled, and leaves what served, and nothing of its own', async () => {
    const { document } = await world.document();
    await worker.run();
    world.reads = NEW;
    const jobId = await world.ask(document);
    let canceled: Promise<unknown> | undefined;
    world.reads = async () => {
      canceled ??= cancel(jobId);
      await canceled;
      return NEW();
    };
    await worker.run();
    expect((await jobOf(stores(), jobId)).status).to.equal('canceled');
    expect(await world.found(document)).to.include({ status: 'canceled', error: null, passages: 3 });
    expect(await world.served(document)).to.deep.equal(['a', 'b', 'c']);
    expect(await world.stored(document)).to.equal(3);
    await retry(jobId);
    expect(await world.found(document)).to.include({ status: 'queued' });
    await worker.run();
    expect(await world.served(document)).to.deep.equal(['x', 'y', 'z']);
    expect(await world.stored(document)).to.equal(3);
  });

  it('is canceled at once where it waits', async () => {
    const { document, jobId } = await world.document();
    await cancel(jobId);
    expect(await world.found(document)).to.include({ status: 'canceled', error: null });
    await worker.run();
    expect(world.readings).to.equal(0);
  });

  it('leaves nothing of a document that is deleted meanwhile, neither passages nor its file', async () => {
    const { document, jobId } = await world.document();
    await stores().unitOfWork.run(({ users }) => users.add(aUser({ id: KEEPER.userId })));
    const deletes = new DeleteDocument({ ...tools(), ids: { next: newId } });
    world.reads = () => aReading(['a', 'b'], ['c'], ['d']);
    let deleted: Promise<void> | undefined;
    world.beforeBatch = (index) => {
      if (index === 1) deleted = deletes.execute(KEEPER, document.id);
    };
    await worker.run();
    await deleted;
    await worker.run();
    expect((await jobOf(stores(), jobId)).status).to.equal('done');
    expect(await world.found(document)).to.equal(undefined);
    expect(await world.stored(document)).to.equal(0);
    expect(await world.files.list()).to.deep.equal([]);
  });
});
