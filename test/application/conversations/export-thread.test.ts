/** Exports of any length: read as they are taken, as far as the transcript went when they began. */
import { expect } from 'chai';
import type { MemoryDatabase } from '#adapters/memory/database.ts';
import { ShownCitations } from '#application/conversations/citations/shown-citations.ts';
import { ExportThread } from '#application/conversations/threads/export-thread.ts';
import type { UserActor } from '#domain/shared/actor.ts';
import type { ThreadId } from '#domain/shared/ids.ts';
import { actorFor, aPrivateTalk, type Conversing, NO_LIBRARY } from '../../support/builders/conversing.ts';
import { at, newId } from '../../support/builders/records.ts';
import { refusalOf } from '../../support/reporting/refusals.ts';

describe('ExportThread', () => {
  const citations = new ShownCitations({ library: NO_LIBRARY });
  let database: MemoryDatabase;
  let owner: UserActor;
  let thread: ThreadId;
  let talk: Conversing;
  let reads: number[];
  let exporting: ExportThread;

  beforeEach(async () => {
    ({ database, owner, talk, thread } = await aPrivateTalk());
    const { threads, memberships, conversations } = database;
    reads = [];
    const messages: typeof conversations.messages = (id, range) => {
      reads.push(range.after ?? 0);
      return conversations.messages(id, range);
    };
    exporting = new ExportThread({ threads, memberships, conversations: { messages }, citations });
    for (let n = 0; n < 450; n += 1) await talk.say(owner, thread, `Line ${n}`);
  });

  async function begin() {
    const exported = await exporting.execute(owner, thread);
    return { ...exported, pages: exported.pages[Symbol.asyncIterator]() };
  }

  it('reads a page when it is asked for, and none that was not', async () => {
    const { pages } = await begin();
    expect(reads).to.deep.equal([]);
    await pages.next();
    await pages.next();
    expect(reads).to.deep.equal([0, 200]);
    await pages.return?.();
    expect(reads).to.deep.equal([0, 200]);
  });

  it('goes as far as the transcript went when it began, whatever is said meanwhile', async () => {
    const exported = await exporting.execute(owner, thread);
    await talk.say(owner, thread, 'Too late.');
    const seqs: number[] = [];
    for await (const page of exported.pages) seqs.push(...page.map(({ seq }) => seq));
    expect(seqs).to.deep.equal(Array.from({ length: 450 }, (_, i) => i + 1));
    expect(exported.thread).to.include({ lastSeq: 450 });
  });

  it('breaks off where the thread is deleted in the midst of it', async () => {
    const { pages } = await begin();
    await pages.next();
    await database.unitOfWork.run(({ threads }) => threads.remove(thread, at(1)));
    expect(await refusalOf(pages.next())).to.equal('thread_not_found');
  });

  it('breaks off where messages are missing, so that nobody takes a part for all', async () => {
    const { threads, memberships, conversations } = database;
    const messages: typeof conversations.messages = async (id, range) =>
      (await conversations.messages(id, range)).slice(1);
    const { pages } = await new ExportThread({ threads, memberships, conversations: { messages }, citations }).execute(
      owner,
      thread,
    );
    expect(await refusalOf(pages[Symbol.asyncIterator]().next())).to.equal('thread_not_found');
  });

  it('shows nobody a thread that they may not read', async () => {
    expect(await refusalOf(exporting.execute(actorFor(newId('user')), thread))).to.equal('thread_not_found');
  });
});
