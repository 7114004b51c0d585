/** What every store of conversations promises about appending and reading messages. */
import { expect } from 'chai';
import type { AppendGuard } from '#application/conversations/ports.ts';
import type { MessageDraft } from '#domain/conversations/message.ts';
import type { Thread } from '#domain/conversations/thread.ts';
import type { User } from '#domain/identity/user.ts';
import type { ThreadId } from '#domain/shared/ids.ts';
import { contract } from '../../support/backends/backends.ts';
import { ON_RECORD_STORES, recordStores } from '../../support/backends/record-stores.ts';
import { aGame, aMembership, aMessage, aRevision, aThread, at, aUser } from '../../support/builders/records.ts';
import { anAppendChange } from '../../support/builders/window-changes.ts';
import { failureOf } from '../../support/reporting/refusals.ts';

const guard: AppendGuard = { ifVersion: 1, sizeBelow: 100_000, maxEntries: 2_000, estimator: 'chars_div_4' };

/** Messages that no store takes: in a role that is none, and one that would make the window smaller than nothing. */
const IMPOSSIBLE: Readonly<Record<string, Partial<MessageDraft>>> = {
  'in a role that is none': { role: 'dragon' as 'user' },
  'of a negative size': { size: -1_000_000 },
};
const impossible = (threadId: ThreadId, fields: Partial<MessageDraft>) =>
  aMessage(threadId, { content: 'secret words', ...fields });

contract('Conversations: appending', ON_RECORD_STORES, recordStores, (stores) => {
  let owner: User;
  let thread: Thread;

  async function addThread(fields: Partial<Thread> = {}): Promise<Thread> {
    const added = aThread(owner.id, { title: null, ...fields });
    await stores().unitOfWork.run(({ threads }) => threads.add(added));
    return added;
  }

  const append = (message: MessageDraft, changed: Partial<AppendGuard> = {}, title: string | null = null) =>
    stores().conversations.append(message, { ...guard, ...changed }, title);
  const seqs = async () => (await stores().conversations.messages(thread.id, { limit: 1_000 })).map((m) => m.seq);

  beforeEach(async () => {
    owner = aUser();
    await stores().unitOfWork.run(({ users }) => users.add(owner));
    thread = await addThread();
  });

  it('adds no message, pinned or not, of an author who left the game since: of owner and members alone', async () => {
    const [member, game] = [aUser(), aGame(null)];
    await stores().unitOfWork.run(async ({ users, games, memberships }) => {
      await users.add(member);
      await games.add(game);
      await memberships.add(aMembership(game.id, member.id));
    });
    const { id } = await addThread({ gameId: game.id });
    const by = (author: User) => aMessage(id, { authorId: author.id });
    expect((await append(by(owner)))?.lastSeq).to.equal(1);
    expect((await append(by(member)))?.lastSeq).to.equal(2);
    const pinned = (ifLastSeq: number, author: User) => anAppendChange(id, { ifLastSeq, message: by(author) });
    expect((await stores().conversations.commit(pinned(2, member)))?.lastSeq).to.equal(3);
    await stores().unitOfWork.run(({ memberships }) => memberships.remove(game.id, member.id));
    expect(await append(by(member), { ifVersion: 2 })).to.equal(undefined);
    const late = { ...pinned(3, member), ifVersion: 2 };
    for (const revision of [null, aRevision()])
      expect(await stores().conversations.commit({ ...late, revision })).to.equal(undefined);
    expect(await stores().conversations.messages(id, { limit: 9 })).to.have.length(3);
    expect(await stores().conversations.events(id, { limit: 9 })).to.deep.equal([]);
    expect((await append(by(owner), { ifVersion: 2 }))?.lastSeq).to.equal(4);
  });

  it('returns every field of a message as it was stored', async () => {
    const full = aMessage(thread.id, {
      role: 'assistant',
      authorId: owner.id,
      name: 'narrator',
      content: 'Roll! 🎲\n\t“20”',
      toolCalls: [
        { id: 'call_1', name: 'roll', arguments: '{"d": 20}' },
        { name: 'look', arguments: '' },
      ],
      toolCallId: 'call_0',
      metadata: { nested: { list: [1, null, 'ä'] }, flag: true },
      size: 77,
    });
    await append(full);
    await append(aMessage(thread.id, { content: '' }));
    const found = await stores().conversations.message(thread.id, 1);
    expect(found).to.deep.equal({ ...full, seq: 1, pinned: false });
    expect((await stores().conversations.messages(thread.id, { limit: 2 }))[0]).to.deep.equal(found);
    expect((await stores().conversations.message(thread.id, 2))?.content).to.equal('');
  });

  it('returns and stores the thread as it is after the append, without replacing a title', async () => {
    const message = aMessage(thread.id, { size: 40, createdAt: at(6) });
    const after = await append(message, {}, 'Named');
    expect(after).to.deep.equal({
      ...thread,
      title: 'Named',
      lastSeq: 1,
      lastMessageAt: at(6),
      windowSize: thread.windowSize + 40,
      windowEntries: 1,
    });
    expect(await stores().threads.find(thread.id)).to.deep.equal(after);
    expect((await append(aMessage(thread.id), {}, 'Renamed'))?.title).to.equal('Named');
  });

  it('stores nothing if a condition of the append fails', async () => {
    await append(aMessage(thread.id));
    const before = await stores().conversations.snapshot(thread.id);
    const size = before?.thread.windowSize ?? 0;
    const message = aMessage(thread.id, { size: 10 });
    const failing: Partial<AppendGuard>[] = [
      { ifVersion: 2 },
      { estimator: 'o200k_base' },
      { sizeBelow: size + 10 },
      { maxEntries: 1 },
    ];
    for (const changed of failing)
      expect(await append(message, changed, 'T'), JSON.stringify(changed)).to.equal(undefined);
    expect(await stores().conversations.snapshot(thread.id)).to.deep.equal(before);
    expect(await append(message, { sizeBelow: size + 11, maxEntries: 2 })).to.not.equal(undefined);
  });

  it('takes a limit that is larger than any window can be for none', async () => {
    const unlimited = { sizeBelow: Number.MAX_SAFE_INTEGER, maxEntries: Number.MAX_SAFE_INTEGER };
    expect((await append(aMessage(thread.id), unlimited))?.lastSeq).to.equal(1);
  });

  it('stores nothing for an archived or an unknown thread', async () => {
    const archived = await addThread({ archived: true });
    expect(await append(aMessage(archived.id))).to.equal(undefined);
    expect(await append(aMessage(aThread(owner.id).id))).to.equal(undefined);
    expect(await stores().conversations.messages(archived.id, { limit: 9 })).to.deep.equal([]);
  });

  it('numbers 100 parallel appends without gaps, separately for each thread', async () => {
    const other = await addThread();
    const answers = await Promise.all(
      Array.from({ length: 100 }, (_, i) => append(aMessage(i % 4 === 0 ? other.id : thread.id))),
    );
    const given = answers.filter((after) => after?.id === thread.id).map((after) => after?.lastSeq);
    expect(given.sort((a, b) => Number(a) - Number(b))).to.deep.equal(Array.from({ length: 75 }, (_, i) => i + 1));
    expect(await seqs()).to.deep.equal(given);
    expect((await stores().threads.find(other.id))?.lastSeq).to.equal(25);
  });

  it('accepts as many of 100 parallel appends as fit the window, numbered without gaps', async () => {
    const sizeBelow = thread.windowSize + 10 * 17 + 1;
    const answers = await Promise.all(
      Array.from({ length: 100 }, () => append(aMessage(thread.id, { size: 10 }), { sizeBelow })),
    );
    expect(answers.filter((after) => after !== undefined)).to.have.length(17);
    expect(await seqs()).to.deep.equal(Array.from({ length: 17 }, (_, i) => i + 1));
    expect((await stores().threads.find(thread.id))?.windowSize).to.equal(thread.windowSize + 170);
  });

  for (const [which, fields] of Object.entries(IMPOSSIBLE)) {
    it(`lets an append that fails hurt no other that is made at the same time: ${which}`, async () => {
      const outcomes = await Promise.allSettled([
        append(aMessage(thread.id)),
        append(impossible(thread.id, fields)),
        append(aMessage(thread.id)),
      ]);
      expect(outcomes.map((outcome) => outcome.status)).to.deep.equal(['fulfilled', 'rejected', 'fulfilled']);
      expect(await seqs()).to.deep.equal([1, 2]);
      expect((await stores().threads.find(thread.id))?.windowEntries).to.equal(2);
    });

    it(`names no statement, value or path when it fails: ${which}`, async () => {
      const failure = await failureOf(append(impossible(thread.id, fields)));
      const told = `${failure} ${(failure as Error).stack} ${JSON.stringify(failure)} ${(failure as Error).cause}`;
      for (const hidden of ['secret words', thread.id, 'INSERT', 'UPDATE', '.db']) expect(told).not.to.contain(hidden);
    });
  }

  it('returns the newest messages, or those before or after a seq, in order', async () => {
    for (let i = 0; i < 7; i++) await append(aMessage(thread.id));
    const read = async (range: { limit: number; before?: number; after?: number }) =>
      (await stores().conversations.messages(thread.id, range)).map((message) => message.seq);
    expect(await read({ limit: 3 })).to.deep.equal([5, 6, 7]);
    expect(await read({ limit: 3, before: 5 })).to.deep.equal([2, 3, 4]);
    expect(await read({ limit: 3, before: 2 })).to.deep.equal([1]);
    expect(await read({ limit: 3, before: 99 })).to.deep.equal([5, 6, 7]);
    expect(await read({ limit: 3, after: 0 })).to.deep.equal([1, 2, 3]);
    expect(await read({ limit: 3, after: 5 })).to.deep.equal([6, 7]);
    expect(await read({ limit: 3, after: 7 })).to.deep.equal([]);
    expect(await stores().conversations.message(thread.id, 8)).to.equal(undefined);
    expect(await stores().conversations.message(thread.id, 0)).to.equal(undefined);
  });

  it('ends a page at so many bytes of text, and gives one message at least', async () => {
    // Three bytes a letter in UTF-8, one unit in UTF-16; `[]` of no tool calls is no text, `{}` of no metadata is.
    const own = [
      { content: '龍'.repeat(10) },
      { content: 'x'.repeat(28) },
      { content: '', toolCalls: [{ name: 'n', arguments: 'é' }] },
      { content: 'x', metadata: { note: 'é' } },
    ];
    const bytes = [32, 30, Buffer.byteLength('[{"name":"n","arguments":"é"}]{}'), Buffer.byteLength('x{"note":"é"}')];
    for (const fields of own) await append(aMessage(thread.id, fields));
    const read = async (range: { before?: number; after?: number; limit?: number }, maxBytes: number) =>
      (await stores().conversations.messages(thread.id, { limit: 9, ...range, maxBytes })).map(({ seq }) => seq);
    const sum = (from: number, to: number) => bytes.slice(from - 1, to).reduce((all, one) => all + one, 0);
    for (let first = 1; first <= 4; first += 1) {
      for (let last = first; last <= 4; last += 1) {
        const whole = Array.from({ length: last - first + 1 }, (_, n) => first + n);
        const exactly = sum(first, last);
        expect(await read({ after: first - 1 }, exactly), `after ${first - 1}`).to.deep.equal(whole);
        expect(await read({ before: last + 1 }, exactly), `before ${last + 1}`).to.deep.equal(whole);
        if (first === last) continue;
        expect(await read({ after: first - 1 }, exactly - 1), `after ${first - 1}`).to.deep.equal(whole.slice(0, -1));
        expect(await read({ before: last + 1 }, exactly - 1), `before ${last + 1}`).to.deep.equal(whole.slice(1));
      }
    }
    expect(await read({}, 1)).to.deep.equal([4]);
    expect(await read({ after: 0 }, 1)).to.deep.equal([1]);
    expect(await read({ after: 0, limit: 2 }, 1_000)).to.deep.equal([1, 2]);
  });

  it('returns copies, so that changing one does not change what is stored', async () => {
    const given = aMessage(thread.id, {
      createdAt: at(1),
      metadata: { mood: 'dark' },
      toolCalls: [{ name: 'a', arguments: '' }],
    });
    await append(given);
    (given.metadata as { mood: string }).mood = 'bright';
    given.createdAt.setTime(0);
    const found = await stores().conversations.message(thread.id, 1);
    (found?.metadata as { mood: string }).mood = 'bright';
    found?.createdAt.setTime(0);
    const entry = (await stores().conversations.snapshot(thread.id))?.entries[0];
    (entry?.toolCalls?.[0] as { name: string }).name = 'b';
    const again = await stores().conversations.message(thread.id, 1);
    expect(again?.metadata).to.deep.equal({ mood: 'dark' });
    expect(again?.createdAt).to.deep.equal(at(1));
    expect(again?.toolCalls).to.deep.equal([{ name: 'a', arguments: '' }]);
  });
});
