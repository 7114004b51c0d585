/** Every append and every change of a window is told, once it is committed and not before. */
import { expect } from 'chai';
import { EmbeddedEventBus } from '#adapters/embedded/event-bus.ts';
import type { Conversations } from '#application/conversations/ports.ts';
import { type ThreadEvent, withEvents } from '#application/conversations/thread-events.ts';
import type { Thread } from '#domain/conversations/thread.ts';
import { contract } from '../../support/backends/backends.ts';
import { ON_RECORD_STORES, recordStores } from '../../support/backends/record-stores.ts';
import { aMessage, aRevision } from '../../support/builders/records.ts';
import {
  anAppendChange,
  anAppendGuard,
  aPinChange,
  aRevisionChange,
  aThreadOf,
} from '../../support/builders/window-changes.ts';

contract('Conversations that tell what happens', ON_RECORD_STORES, recordStores, (stores) => {
  let thread: Thread;
  let conversations: Conversations;
  let told: ThreadEvent[];

  beforeEach(async () => {
    ({ thread } = await aThreadOf(stores(), 1));
    const events = new EmbeddedEventBus<ThreadEvent>();
    conversations = withEvents({ conversations: stores().conversations, events });
    told = [];
    await events.subscribe(thread.id, { onEvent: ({ event }) => told.push(event), onLost: () => expect.fail('lost') });
  });

  it('tells an append, one that brings a revision, a revision, and a pin, with how far the thread has come', async () => {
    await conversations.append(aMessage(thread.id), anAppendGuard, null);
    await conversations.commit(anAppendChange(thread.id, { ifLastSeq: 2, revision: aRevision({ id: 1 }) }));
    await conversations.commit(aRevisionChange(thread.id, { ifVersion: 2, revision: aRevision({ id: 2 }) }));
    await conversations.commit(aPinChange(thread.id, { ifVersion: 3 }));
    expect(told).to.deep.equal([
      { kind: 'appended', lastSeq: 2, version: 1, revision: 0 },
      { kind: 'appended', lastSeq: 3, version: 2, revision: 1 },
      { kind: 'revised', lastSeq: 3, version: 3, revision: 2 },
      { kind: 'revised', lastSeq: 3, version: 4, revision: 2 },
    ]);
  });

  it('tells nothing of what came too late, and can be read by whoever is told', async () => {
    expect(await conversations.append(aMessage(thread.id), { ...anAppendGuard, ifVersion: 9 }, null)).to.equal(
      undefined,
    );
    expect(await conversations.commit(aRevisionChange(thread.id, { ifVersion: 9 }))).to.equal(undefined);
    expect(told).to.deep.equal([]);
    const message = aMessage(thread.id);
    await conversations.append(message, anAppendGuard, null);
    const [appended] = told;
    if (appended?.kind !== 'appended') throw new Error('Nothing is told.');
    expect((await stores().conversations.message(thread.id, appended.lastSeq))?.id).to.equal(message.id);
  });
});
