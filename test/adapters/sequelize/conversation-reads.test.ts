/** Windows where the thread is removed between the two statements that read them. */
import { expect } from 'chai';
import { PreparedConversationReads } from '#adapters/sequelize/conversations/conversation-reads.ts';
import type { Queries } from '#adapters/sequelize/shared/queries.ts';
import { verbatim } from '#domain/conversations/window.ts';
import { aMessage, aThread, newId } from '../../support/builders/records.ts';

describe('PreparedConversationReads', () => {
  const thread = aThread(newId('user'), { lastSeq: 3 });
  const entries = [1, 2, 3].map((seq) => verbatim(aMessage(thread.id), seq, false));

  /** A database that finds the thread with its head, and these of its messages. */
  function finding(found: typeof entries): PreparedConversationReads {
    const head = { thread, head: undefined, pins: new Set() };
    const messages = found.map((entry) => ({ entry, estimator: thread.estimator }));
    return new PreparedConversationReads({ one: async () => head, all: async () => messages } as unknown as Queries);
  }

  it('answers a window with every message that belongs to it, or none at all', async () => {
    expect((await finding(entries).snapshot(thread.id))?.entries).to.deep.equal(entries);
    for (const left of [entries.slice(1), entries.slice(0, 1), []])
      expect(await finding(left).snapshot(thread.id), `${left.length} of 3`).to.equal(undefined);
  });
});
