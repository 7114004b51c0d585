/** What every store of conversations promises about pins. */
import { expect } from 'chai';
import type { PinChange } from '#application/conversations/ports.ts';
import type { Thread } from '#domain/conversations/thread.ts';
import { contract } from '../../support/backends/backends.ts';
import { ON_RECORD_STORES, recordStores } from '../../support/backends/record-stores.ts';
import { aMessage, aThread } from '../../support/builders/records.ts';
import { anAppendGuard, aPinChange, aThreadOf } from '../../support/builders/window-changes.ts';

contract('Conversations: pins', ON_RECORD_STORES, recordStores, (stores) => {
  let thread: Thread;

  beforeEach(async () => {
    ({ thread } = await aThreadOf(stores(), 3));
  });

  const pin = (fields: Partial<PinChange> = {}) => stores().conversations.commit(aPinChange(thread.id, fields));
  const pinnedInTranscript = async () =>
    (await stores().conversations.messages(thread.id, { limit: 9 })).flatMap(({ seq, pinned }) => (pinned ? seq : []));
  const pinnedInWindow = async () =>
    (await stores().conversations.snapshot(thread.id))?.entries.flatMap(({ fromSeq, pinned }) =>
      pinned ? fromSeq : [],
    );

  it('are set and taken off in window and transcript, and change nothing of the thread but its version', async () => {
    const before = await stores().threads.find(thread.id);
    expect(await pin({ seq: 2 })).to.deep.equal({ ...before, version: 2 });
    expect([await pinnedInTranscript(), await pinnedInWindow()]).to.deep.equal([[2], [2]]);
    await pin({ seq: 3, ifVersion: 2 });
    expect(await pin({ seq: 2, ifVersion: 3, pinned: false })).to.deep.equal({ ...before, version: 4 });
    expect([await pinnedInTranscript(), await pinnedInWindow()]).to.deep.equal([[3], [3]]);
    expect(await stores().threads.find(thread.id)).to.deep.equal({ ...before, version: 4 });
  });

  it('stay as they are where they are set or taken off again', async () => {
    await pin({ seq: 2 });
    expect(await pin({ seq: 2, ifVersion: 2 })).to.include({ version: 3 });
    expect(await pin({ seq: 1, ifVersion: 3, pinned: false })).to.include({ version: 4 });
    expect(await pinnedInTranscript()).to.deep.equal([2]);
  });

  it('keep what was said meanwhile, which does not come in their way', async () => {
    await stores().conversations.append(aMessage(thread.id), anAppendGuard, null);
    expect(await pin({ seq: 2 })).to.include({ version: 2, lastSeq: 4, windowEntries: 4 });
  });

  it('change nothing where they come too late, or in an archived thread', async () => {
    const archived = aThread(thread.ownerId, { archived: true });
    await stores().unitOfWork.run(({ threads }) => threads.add(archived));
    expect(await pin({ ifVersion: 2 })).to.equal(undefined);
    expect(await pin({ threadId: archived.id })).to.equal(undefined);
    expect(await stores().threads.find(archived.id)).to.deep.equal(archived);
    expect(await pinnedInTranscript()).to.deep.equal([]);
  });

  it('are committed by one of several who race, and no append of the older version after it', async () => {
    const [first, second, plain] = await Promise.all([
      pin({ seq: 1 }),
      pin({ seq: 2 }),
      stores().conversations.append(aMessage(thread.id), anAppendGuard, null),
    ]);
    const [winner, ...others] = [first, second].filter((one) => one !== undefined);
    expect(others).to.deep.equal([]);
    expect(winner?.version).to.equal(2);
    expect(await pinnedInTranscript()).to.deep.equal([first === undefined ? 2 : 1]);
    if (plain !== undefined) expect(winner?.lastSeq, 'the append came first').to.equal(plain.lastSeq);
  });
});
