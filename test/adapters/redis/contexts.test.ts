/** Copies of windows in Redis fail nobody: a window is read from the database where there is no good copy. */
import { expect } from 'chai';
import { RedisContexts } from '#adapters/redis/contexts.ts';
import type { WindowCopy } from '#application/conversations/ports.ts';
import { verbatim } from '#domain/conversations/window.ts';
import { aMessage, at, newId } from '../../support/builders/records.ts';
import { openTemporaryRedis, redisAnswers, type TemporaryRedis } from '../../support/servers/temporary-redis.ts';

((await redisAnswers()) ? describe : describe.skip)('RedisContexts', () => {
  let redis: TemporaryRedis;
  let contexts: RedisContexts;
  let copy: WindowCopy;

  beforeEach(async () => {
    redis = await openTemporaryRedis();
    contexts = new RedisContexts({ redis: redis.connection, clock: { now: () => at(0) }, ttlMs: 60_000 });
    const threadId = newId('thread');
    const entries = [verbatim(aMessage(threadId), 1, false)];
    copy = { threadId, ownerId: newId('user'), version: 1, lastSeq: 1, entries, countedBy: ['chars_div_4'] };
  });
  afterEach(() => redis.close());

  it('finds nothing, and saves nothing, without Redis', async () => {
    await contexts.save(copy);
    redis.connection.close();
    expect(await contexts.find(copy.threadId)).to.equal(undefined);
    await contexts.save(copy);
    await contexts.removeByOwner(copy.ownerId);
  });

  it('finds nothing where somebody wrote something else', async () => {
    await contexts.save(copy);
    await redis.connection.command('RPUSH', `ctx:${copy.threadId}`, 'not an entry');
    expect(await contexts.find(copy.threadId)).to.equal(undefined);
    await redis.connection.command('SET', `ctx:${copy.threadId}`, 'no list');
    expect(await contexts.find(copy.threadId)).to.equal(undefined);
  });

  it('leaves a window of more than a million characters to the database', async () => {
    const entry = { ...copy.entries[0]!, content: 'x'.repeat(1_000_000) };
    await contexts.save({ ...copy, entries: [entry] });
    expect(await contexts.find(copy.threadId)).to.equal(undefined);
    await contexts.save({ ...copy, entries: [{ ...entry, content: 'x'.repeat(900_000) }] });
    expect(await contexts.find(copy.threadId)).to.include({ lastSeq: 1 });
  });

  it('lets nothing stay for good', async () => {
    await contexts.save(copy);
    const keys = await redis.connection.command<string[]>('KEYS', '*');
    expect(keys.toSorted()).to.deep.equal(
      [`ctx:${copy.threadId}`, `ctxmeta:${copy.threadId}`, `idx:user_contexts:${copy.ownerId}`].toSorted(),
    );
    for (const key of keys) expect(await redis.connection.command('PTTL', key)).to.be.within(1, 60_000);
  });
});
