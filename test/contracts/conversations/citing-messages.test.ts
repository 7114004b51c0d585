/** Which messages of a thread every store finds as answers that cite the library. */
import { expect } from 'chai';
import type { MessageDraft } from '#domain/conversations/message.ts';
import type { UserId } from '#domain/shared/ids.ts';
import { contract } from '../../support/backends/backends.ts';
import { ON_RECORD_STORES, recordStores } from '../../support/backends/record-stores.ts';
import { aMessage, newId } from '../../support/builders/records.ts';
import { anAppendChange, aThreadOf } from '../../support/builders/window-changes.ts';

const CITATIONS = [{ number: 1, document_id: newId('document') }];

contract('Conversations: citing messages', ON_RECORD_STORES, recordStores, (stores) => {
  it('are the answers of a model with citations, in order, of this thread alone', async () => {
    const { thread } = await aThreadOf(stores(), 1);
    const { thread: other } = await aThreadOf(stores(), 1);
    const append = async (threadId = thread.id, fields: Partial<MessageDraft> = {}) => {
      const { version, lastSeq, ownerId } = (await stores().threads.find(threadId))!;
      const reply = { id: newId('reply'), askedBy: ownerId };
      await stores().conversations.beginReply(threadId, reply.id);
      const metadata = { reply_id: reply.id, citations: CITATIONS };
      const message = aMessage(threadId, { role: 'assistant', authorId: null, metadata, ...fields });
      const change = { message, reply, ifVersion: version, ifLastSeq: lastSeq };
      expect(await stores().conversations.commit(anAppendChange(threadId, change))).not.to.equal(undefined);
      return { seq: lastSeq + 1, role: message.role, authorId: message.authorId, metadata: message.metadata };
    };
    expect(await stores().conversations.citing(thread.id)).to.deep.equal([]);
    const first = await append();
    const reply_id = newId('reply');
    await append(thread.id, { metadata: { reply_id, citations: [] } });
    await append(thread.id, { metadata: { reply_id, note: '"citations":[' } });
    await append(thread.id, { metadata: { reply_id, more: { citations: CITATIONS } } });
    await append(thread.id, { metadata: { citations: CITATIONS } });
    await append(thread.id, { role: 'user' });
    await append(thread.id, { authorId: thread.ownerId as UserId });
    await append(other.id);
    const last = await append(thread.id, { metadata: { citations: ['?'], reply_id } });
    expect(await stores().conversations.citing(thread.id)).to.deep.equal([first, last]);
  });
});
