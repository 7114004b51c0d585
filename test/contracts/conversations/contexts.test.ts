/** What every holder of copies of windows promises. */
import { expect } from 'chai';
import { EmbeddedContexts } from '#adapters/embedded/contexts.ts';
import { RedisContexts } from '#adapters/redis/contexts.ts';
import type { Contexts, WindowCopy } from '#application/conversations/ports.ts';
import { verbatim } from '#domain/conversations/window.ts';
import { contract, type Openers, type Plan } from '../../support/backends/backends.ts';
import { aMessage, at, newId } from '../../support/builders/records.ts';
import { openTemporaryRedis } from '../../support/servers/temporary-redis.ts';

const PLAN: Plan = {
  memory: { skip: 'the embedded one needs no file' },
  sqlite: { skip: 'copies live in the speed layer' },
  embedded: 'run',
  postgres: { skip: 'copies live in the speed layer' },
  redis: 'run',
};

const TTL_SECONDS = 60;
type Harness = Readonly<{ contexts: Contexts; setClock: (seconds: number) => void }>;

const openers: Openers<Harness> = {
  embedded: async () => {
    let now = at(0);
    const contexts = new EmbeddedContexts({ clock: { now: () => now }, ttlMs: TTL_SECONDS * 1_000 });
    const setClock = (seconds: number) => {
      now = at(seconds);
    };
    return { harness: { contexts, setClock }, close: async () => {} };
  },
  redis: async () => {
    let now = at(0);
    const { connection, close } = await openTemporaryRedis();
    const contexts = new RedisContexts({ redis: connection, clock: { now: () => now }, ttlMs: TTL_SECONDS * 1_000 });
    const setClock = (seconds: number) => {
      now = at(seconds);
    };
    return { harness: { contexts, setClock }, close };
  },
};

/** A copy of a new thread with two entries, one of them with everything that an entry can have. */
function aCopy(fields: Partial<WindowCopy> = {}): WindowCopy {
  const threadId = newId('thread');
  const call = { id: 'call_1', name: 'roll', arguments: '{"dice":"2d6 ⚔"}' };
  const entries = [
    {
      ...verbatim(aMessage(threadId), 1, true),
      kind: 'summary',
      toSeq: 4,
      seqs: [1, 2, 4],
      commonWords: '5:00crypt02',
    } as const,
    verbatim(aMessage(threadId, { toolCalls: [call], toolCallId: null, content: '@2026-11-21 “Ä” 🐉\n' }), 5, false),
  ];
  return { threadId, ownerId: newId('user'), version: 3, lastSeq: 5, entries, countedBy: ['chars_div_4'], ...fields };
}

contract('Contexts', PLAN, openers, (harness) => {
  const contexts = () => harness().contexts;

  it('gives a copy back as it was saved, and nothing of a thread without one', async () => {
    const copy = aCopy();
    await contexts().save(copy);
    expect(await contexts().find(copy.threadId)).to.deep.equal(copy);
    expect(await contexts().find(newId('thread'))).to.equal(undefined);
  });

  it('holds an empty window', async () => {
    const copy = aCopy({ entries: [], countedBy: [], lastSeq: 0 });
    await contexts().save(copy);
    expect(await contexts().find(copy.threadId)).to.deep.equal(copy);
  });

  it('replaces a copy by one of a later version, or of a later seq, and never by an older one', async () => {
    const first = aCopy({ version: 3, lastSeq: 5 });
    const of = (version: number, lastSeq: number) => ({ ...first, version, lastSeq, entries: first.entries.slice(1) });
    for (const [saved, held] of [
      [of(3, 5), of(3, 5)],
      [of(3, 6), of(3, 6)],
      [of(3, 4), of(3, 6)],
      [of(4, 2), of(4, 2)],
      [of(3, 9), of(4, 2)],
    ] as const) {
      await contexts().save(saved);
      expect(await contexts().find(first.threadId)).to.deep.equal(held);
    }
  });

  it('ends with the latest of copies that are saved at once', async () => {
    const copy = aCopy();
    const all = Array.from({ length: 20 }, (_, i) => ({ ...copy, version: 3 + (i % 3), lastSeq: 5 + ((i * 7) % 20) }));
    await Promise.all(all.map((one) => contexts().save(one)));
    const latest = all.filter(({ version }) => version === 5).toSorted((a, b) => b.lastSeq - a.lastSeq)[0];
    expect(await contexts().find(copy.threadId)).to.deep.equal(latest);
  });

  it('forgets a copy when its time is over, which begins anew when it is saved', async () => {
    const copy = aCopy();
    await contexts().save(copy);
    harness().setClock(40);
    await contexts().save({ ...copy, lastSeq: 6 });
    harness().setClock(40 + TTL_SECONDS - 0.001);
    expect(await contexts().find(copy.threadId)).to.include({ lastSeq: 6 });
    harness().setClock(40 + TTL_SECONDS);
    expect(await contexts().find(copy.threadId)).to.equal(undefined);
    await contexts().save(copy);
    expect(await contexts().find(copy.threadId)).to.deep.equal(copy);
  });

  it('forgets the copy of one thread, which may be saved again', async () => {
    const [one, other] = [aCopy(), aCopy()];
    for (const copy of [one, other]) await contexts().save(copy);
    for (let n = 0; n < 2; n += 1) await contexts().remove(one.threadId);
    expect(await contexts().find(one.threadId)).to.equal(undefined);
    expect(await contexts().find(other.threadId)).to.deep.equal(other);
    await contexts().save(one);
    expect(await contexts().find(one.threadId)).to.deep.equal(one);
  });

  it('forgets all copies of an owner, and nobody else’s', async () => {
    const [one, other] = [newId('user'), newId('user')];
    const own = [aCopy({ ownerId: one }), aCopy({ ownerId: one })];
    const foreign = aCopy({ ownerId: other });
    for (const copy of [...own, foreign]) await contexts().save(copy);
    await contexts().removeByOwner(one);
    for (const { threadId } of own) expect(await contexts().find(threadId)).to.equal(undefined);
    expect(await contexts().find(foreign.threadId)).to.deep.equal(foreign);
    await contexts().removeByOwner(newId('user'));
  });

  it('forgets a copy with its new owner, and not with the one before', async () => {
    const copy = aCopy();
    const passedOn = { ...copy, ownerId: newId('user'), version: 4 };
    await contexts().save(copy);
    await contexts().save(passedOn);
    await contexts().removeByOwner(copy.ownerId);
    expect(await contexts().find(copy.threadId)).to.deep.equal(passedOn);
    await contexts().removeByOwner(passedOn.ownerId);
    expect(await contexts().find(copy.threadId)).to.equal(undefined);
  });
});
