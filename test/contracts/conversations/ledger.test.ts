/** The ledger notices a message that was dropped, doubled, swapped or altered, in what every store has. */
import { DatabaseSync } from 'node:sqlite';
import { expect } from 'chai';
import pg from 'pg';
import { MemoryDatabase } from '#adapters/memory/database.ts';
import type { RecordStores } from '#application/repos.ts';
import type { UserActor } from '#domain/shared/actor.ts';
import type { ThreadId } from '#domain/shared/ids.ts';
import { contract, type Openers } from '../../support/backends/backends.ts';
import { ON_RECORD_STORES } from '../../support/backends/record-stores.ts';
import { actorFor, type Conversing, conversing } from '../../support/builders/conversing.ts';
import { aUser } from '../../support/builders/records.ts';
import { Ledger, type StoredThread } from '../../support/invariants/ledger.ts';
import { openTemporaryDatabase } from '../../support/servers/temporary-database.ts';
import { openTemporaryPostgres } from '../../support/servers/temporary-postgres.ts';

const MESSAGES = 12;
const textOf = (n: number) => `Message ${n}: Scanlan sings of the mines, and Grog hums along to it.`;

const COLUMNS = 'role, author_id, name, content, tool_calls, tool_call_id, created_at, metadata, size, estimator';

type Messages = StoredThread['messages'];

/** What goes wrong: in the rows of a thread, or where there are none, in what is read; and what is said of it. */
type Fault = Readonly<{ name: string; sql: string; seen(messages: Messages): Messages; noticed: RegExp }>;

const says = (messages: Messages, seq: number, content: string) =>
  messages.map((message) => (message.seq === seq ? { seq, content } : message));
const renumbered = (messages: Messages) => messages.map(({ content }, i) => ({ seq: i + 1, content }));
const without = (messages: Messages, seq: number) => messages.filter((message) => message.seq !== seq);

const FAULTS: readonly Fault[] = [
  {
    name: 'was dropped',
    sql: 'DELETE FROM messages WHERE seq = 5',
    seen: (messages) => without(messages, 5),
    noticed: /seqs without a gap/,
  },
  {
    name: 'was dropped, and the gap closed',
    sql: `DELETE FROM messages WHERE seq = 5;
      ${[6, 7, 8, 9, 10, 11, 12].map((seq) => `UPDATE messages SET seq = ${seq - 1} WHERE seq = ${seq};`).join('')}
      UPDATE threads SET last_seq = 11`,
    seen: (messages) => renumbered(without(messages, 5)),
    noticed: /message 5, as it was acknowledged/,
  },
  {
    name: 'was dropped from the end',
    sql: 'DELETE FROM messages WHERE seq = 12; UPDATE threads SET last_seq = 11',
    seen: (messages) => without(messages, 12),
    noticed: /message 12, as it was acknowledged/,
  },
  {
    name: 'was doubled',
    sql: `INSERT INTO messages (thread_id, seq, id, ${COLUMNS})
      SELECT thread_id, 13, 'msg_again', ${COLUMNS} FROM messages WHERE seq = 5;
      UPDATE threads SET last_seq = 13`,
    seen: (messages) => renumbered([...messages, messages[4]!]),
    noticed: /message 13 is there twice: it is message 5 too/,
  },
  {
    name: 'was doubled in place of another',
    sql: `UPDATE messages SET content = '${textOf(4)}' WHERE seq = 5`,
    seen: (messages) => says(messages, 5, textOf(4)),
    noticed: /message 5, as it was acknowledged/,
  },
  {
    name: 'was swapped with the next',
    sql: `UPDATE messages SET content = '${textOf(5)}' WHERE seq = 4;
      UPDATE messages SET content = '${textOf(4)}' WHERE seq = 5`,
    seen: (messages) => says(says(messages, 4, textOf(5)), 5, textOf(4)),
    noticed: /message 4, as it was acknowledged/,
  },
  {
    name: 'was altered',
    sql: `UPDATE messages SET content = '${textOf(5)}.' WHERE seq = 5`,
    seen: (messages) => says(messages, 5, `${textOf(5)}.`),
    noticed: /message 5, as it was acknowledged/,
  },
];

type Harness = Readonly<{
  stores: RecordStores;
  /** What the store has of the thread once the fault is there. */
  with(fault: Fault, id: ThreadId): Promise<StoredThread>;
}>;

/** `run` runs statements past the stores. */
function planting(stores: RecordStores, run: (sql: string) => Promise<void>): Harness {
  return {
    stores,
    with: async ({ sql }, id) => {
      await run(sql);
      return storedIn(stores, id);
    },
  };
}

const openers: Openers<Harness> = {
  memory: async () => {
    const stores = new MemoryDatabase();
    const seen = async ({ seen }: Fault, id: ThreadId) => {
      const stored = await storedIn(stores, id);
      const messages = seen(stored.messages);
      return { ...stored, messages, lastSeq: Math.max(messages.length, messages.at(-1)!.seq) };
    };
    return { harness: { stores, with: seen }, close: async () => {} };
  },
  sqlite: async () => {
    const { stores, file, close } = await openTemporaryDatabase();
    const run = async (sql: string) => {
      const database = new DatabaseSync(file);
      database.exec(sql);
      database.close();
    };
    return { harness: planting(stores, run), close };
  },
  postgres: async () => {
    const { stores, url, close } = await openTemporaryPostgres();
    const run = async (sql: string) => {
      const client = new pg.Client({ connectionString: url });
      await client.connect();
      await client.query(sql);
      await client.end();
    };
    return { harness: planting(stores, run), close };
  },
};

async function storedIn({ conversations }: RecordStores, id: ThreadId): Promise<StoredThread> {
  const snapshot = await conversations.snapshot(id);
  const messages = await conversations.messages(id, { after: 0, limit: 100 });
  const events = await conversations.events(id, { limit: 100 });
  // There is no window where a message of it is not there.
  const [entries, revision] = [snapshot?.entries ?? [], snapshot?.thread.revision ?? 0];
  return { messages, entries, events, lastSeq: messages.at(-1)!.seq, revision };
}

contract('The ledger of what was acknowledged', ON_RECORD_STORES, openers, (harness) => {
  let owner: UserActor;
  let talk: Conversing;
  let thread: ThreadId;
  let ledger: Ledger;

  beforeEach(async () => {
    const { stores } = harness();
    const user = aUser({ roles: [] });
    await stores.unitOfWork.run(({ users }) => users.add(user));
    [owner, talk, ledger] = [actorFor(user.id), conversing(stores), new Ledger()];
    thread = (await talk.start.execute(owner, { title: null, gameId: null, systemPrompt: null })).id;
    for (let n = 1; n <= MESSAGES; n += 1) {
      ledger.sends(textOf(n));
      const { message } = await talk.say(owner, thread, textOf(n));
      ledger.acknowledge(message.seq, message.content);
    }
  });

  it('agrees with what is stored, through pins, a compaction and its undo', async () => {
    const { stores } = harness();
    await talk.pin.execute(owner, { threadId: thread, seq: 3, pinned: true });
    ledger.pinned(3, true);
    const compacted = await talk.compact.execute(owner, { threadId: thread, dryRun: false, strategies: null });
    if (compacted.dryRun) throw new Error('It was no dry run.');
    ledger.revised(compacted.event.id, 'compacted');
    ledger.check(await storedIn(stores, thread));
    const undone = await talk.undo.execute(owner, thread, compacted.event.id);
    ledger.revised(undone.event.id, 'undone');
    ledger.check(await storedIn(stores, thread));
  });

  for (const fault of FAULTS) {
    it(`notices a message that ${fault.name}`, async () => {
      const stored = await harness().with(fault, thread);
      expect(() => ledger.check(stored)).to.throw(fault.noticed);
    });
  }

  it('notices a message of a window that was dropped, doubled, swapped or altered', async () => {
    const stored = await storedIn(harness().stores, thread);
    const { entries } = stored;
    const [fourth, fifth] = [entries[3]!, entries[4]!];
    const faulty = [
      [entries.toSpliced(4, 1), /messages that the window stands for/],
      [entries.toSpliced(4, 0, fifth), /messages that the window stands for/],
      [entries.toSpliced(3, 2, fifth, fourth), /order of the window/],
      [entries.with(4, { ...fifth, content: fourth.content }), /message 5 in the window/],
    ] as const;
    for (const [altered, noticed] of faulty)
      expect(() => ledger.check({ ...stored, entries: altered })).to.throw(noticed);
  });

  it('notices what nobody sent, a change that was lost, and one that two were told of', async () => {
    const stored = await storedIn(harness().stores, thread);
    const more = [...stored.messages, { seq: 13, content: 'Nobody said this.' }];
    expect(() => ledger.check({ ...stored, messages: more, lastSeq: 13 })).to.throw(/nobody sent message 13/);
    expect(() => ledger.acknowledge(5, 'Another one.')).to.throw(/two messages were acknowledged as message 5/);
    ledger.pinned(5, true);
    expect(() => ledger.check(stored)).to.throw(/pin of message 5/);
    ledger.pinned(5, null);
    ledger.pinned(5, true);
    ledger.revised(1, 'compacted');
    expect(() => ledger.check(stored)).to.throw(/revision 1/);
    expect(() => ledger.revised(1, 'compacted')).to.throw(/two changes were acknowledged as revision 1/);
  });
});
