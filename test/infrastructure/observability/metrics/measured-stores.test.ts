/** Stores that are measured: each call is passed on and answered as ever, and its end is counted. */
import { expect } from 'chai';
import { EmbeddedCache } from '#adapters/embedded/cache.ts';
import { EmbeddedRateLimiter } from '#adapters/embedded/rate-limiter.ts';
import type { Compactor, Conversations, WindowChange, WindowCopy } from '#application/conversations/ports.ts';
import type { FailureLog, Sessions, SignInDelays } from '#application/identity/ports.ts';
import { cacheArea } from '#application/shared/cache.ts';
import { storeErrors } from '#application/shared/store-errors.ts';
import type { CompactionJob } from '#domain/conversations/compaction/chain.ts';
import { conversationErrors } from '#domain/conversations/errors.ts';
import { observeAliveSessions } from '#infrastructure/observability/metrics/alive-sessions.ts';
import { MeasuredCache } from '#infrastructure/observability/metrics/measured-cache.ts';
import { MeasuredCompactor } from '#infrastructure/observability/metrics/measured-compactor.ts';
import { measuredConversations } from '#infrastructure/observability/metrics/measured-conversations.ts';
import {
  MeasuredFailureLog,
  MeasuredRateLimiter,
  MeasuredSignInDelays,
} from '#infrastructure/observability/metrics/measured-limits.ts';
import { MeasuredSessions } from '#infrastructure/observability/metrics/measured-sessions.ts';
import { createMetrics, type Metrics } from '#infrastructure/observability/metrics/metrics.ts';
import { anAuditEntry, aRevision, aSession, aThread, at, newId } from '../../../support/builders/records.ts';
import { Scraped } from '../../../support/metrics/scraped.ts';

describe('measured stores', () => {
  let metrics: Metrics;
  beforeEach(() => {
    metrics = createMetrics();
  });

  const scraped = async () => new Scraped((await metrics.instruments.scrape()).text);
  const away = () => Promise.reject(storeErrors.storeUnavailable());

  /** Whatever is called, the first argument decides: it is what the store answers, or throws. */
  function answering<Store extends object>(answer: () => Promise<unknown>): Store {
    return new Proxy({}, { get: () => answer }) as Store;
  }

  async function ends(call: Promise<unknown>): Promise<unknown> {
    return call.catch((error: unknown) => error);
  }

  describe('conversations', () => {
    const thread = aThread(newId('user'));
    const compaction = aRevision({ madeBy: 'compaction' });
    const change = (fields: object) => ({ revision: null, ...fields }) as unknown as WindowChange;

    function measured(answer: () => Promise<unknown>): Conversations {
      return measuredConversations({ ...metrics, conversations: answering<Conversations>(answer) });
    }

    const CHANGES = {
      plain: (store: Conversations) => store.append({} as never, {} as never, null),
      pinned: (store: Conversations) => store.commit(change({ kind: 'append' })),
      reply: (store: Conversations) => store.commit(change({ kind: 'append', reply: {} })),
      compacting: (store: Conversations) => store.commit(change({ kind: 'append', revision: compaction })),
    } as const;

    it('hand on all that they are given, such as the copy of a window', async () => {
      const handed: unknown[][] = [];
      const store = new Proxy({} as Conversations, {
        get:
          () =>
          async (...given: unknown[]) =>
            handed.push(given),
      });
      const copy = { version: 3 } as unknown as WindowCopy;
      await measuredConversations({ conversations: store, ...metrics }).snapshot(thread.id, copy);
      expect(handed).to.deep.equal([[thread.id, copy]]);
    });

    for (const [kind, append] of Object.entries(CHANGES)) {
      it(`count an append that is ${kind} by how it ended, and how long a durable one took`, async () => {
        expect(await append(measured(async () => thread))).to.equal(thread);
        expect(await append(measured(async () => undefined))).to.equal(undefined);
        expect(await ends(append(measured(away)))).to.include({ code: 'store_unavailable' });
        expect(await ends(append(measured(() => Promise.reject(conversationErrors.archived()))))).to.include({
          code: 'archived',
        });
        const found = await scraped();
        for (const outcome of ['appended', 'overtaken', 'failed', 'refused'])
          expect(found.value('tavernkeep_appends_total', { kind, outcome }), outcome).to.equal(1);
        expect(found.value('tavernkeep_appends_total')).to.equal(4);
        expect(found.value('tavernkeep_append_duration_seconds_count', { kind })).to.equal(1);
      });
    }

    it('count a compaction when it is committed, with the tokens and the strategies that its event tells', async () => {
      const strategiesUsed = [
        { name: 'dedupe', tokensFreed: 30, entriesRemoved: 2, ms: 4 },
        { name: 'window', tokensFreed: 70, entriesRemoved: 5, ms: 6 },
      ] as const;
      const event = {
        ...compaction.event,
        trigger: 'manual',
        beforeTokens: 900,
        afterTokens: 800,
        strategiesUsed,
      } as const;
      const revise = change({ kind: 'revise', revision: { ...compaction, event } });
      for (const answer of [async () => thread, async () => undefined, away])
        await ends(measured(answer).commit(revise));
      const found = await scraped();
      for (const outcome of ['committed', 'overtaken', 'failed'])
        expect(found.value('tavernkeep_compactions_total', { trigger: 'manual', outcome }), outcome).to.equal(1);
      expect(found.value('tavernkeep_compactions_total')).to.equal(3);
      expect(found.value('tavernkeep_compaction_tokens_freed_total', { trigger: 'manual' })).to.equal(100);
      const strategy = (what: string, name: string) =>
        found.value(`tavernkeep_compaction_strategy_${what}`, { strategy: name });
      const runs = 'duration_seconds_count';
      expect([strategy(runs, 'dedupe'), strategy(runs, 'window')]).to.deep.equal([1, 1]);
      const totals = [strategy('tokens_freed_total', 'window'), strategy('entries_removed_total', 'window')];
      expect(totals).to.deep.equal([70, 5]);
      expect(strategy('duration_seconds_sum', 'window')).to.equal(0.006);
      expect(found.value('tavernkeep_appends_total')).to.equal(0);
    });

    it('pass on every other call', async () => {
      const store = measured(async () => 'passed on');
      const id = newId('thread');
      const calls = [
        store.snapshot(id),
        store.windowAt(id, 1, 1),
        store.message(id, 1),
        store.messages(id, { limit: 1 }),
        store.revision(id, 1),
        store.events(id, { limit: 1 }),
        store.recount(id, { version: 1, lastSeq: 1 }, { size: 1, estimator: 'chars_div_4' }),
      ];
      for (const answer of await Promise.all(calls)) expect(answer).to.equal('passed on');
    });
  });

  describe('compactions', () => {
    it('are timed where they succeed, and counted where they do not', async () => {
      const measured = (answer: () => Promise<unknown>) =>
        new MeasuredCompactor(answering<Compactor>(answer), metrics.compactions);
      const job = (appending: boolean) => ({ appending }) as CompactionJob;
      await measured(async () => ({})).compact(job(true));
      await measured(async () => ({})).compact(job(false));
      expect(
        await ends(measured(async () => Promise.reject(conversationErrors.compactionBusy())).compact(job(false))),
      ).to.include({
        code: 'compaction_busy',
      });
      const found = await scraped();
      for (const trigger of ['auto', 'manual'])
        expect(found.value('tavernkeep_compaction_duration_seconds_count', { trigger })).to.equal(1);
      expect(found.value('tavernkeep_compactions_total', { trigger: 'manual', outcome: 'failed' })).to.equal(1);
      expect(found.value('tavernkeep_compactions_total')).to.equal(1);
    });
  });

  describe('the cache', () => {
    const area = cacheArea<string>({ name: 'rules', ttlMs: () => 60_000 });

    it('counts hits and misses, and times loads, those that throw too', async () => {
      const cache = new MeasuredCache(new EmbeddedCache({ clock: { now: () => at(0) } }), metrics.cache);
      expect(await ends(cache.get(area, 'a', away))).to.include({ code: 'store_unavailable' });
      const loaded = () => cache.get(area, 'a', async () => 'loaded');
      expect(await Promise.all([loaded(), loaded()])).to.deep.equal(['loaded', 'loaded']);
      expect(await loaded()).to.equal('loaded');
      const found = await scraped();
      expect(found.value('tavernkeep_cache_lookups_total', { area: 'rules', result: 'miss' })).to.equal(2);
      expect(found.value('tavernkeep_cache_lookups_total', { area: 'rules', result: 'hit' })).to.equal(2);
      expect(found.value('tavernkeep_cache_load_duration_seconds_count', { area: 'rules' })).to.equal(2);
    });

    it('counts invalidations, and makes them', async () => {
      const cache = new MeasuredCache(new EmbeddedCache({ clock: { now: () => at(0) } }), metrics.cache);
      await cache.get(area, 'a', async () => 'old');
      for (const begin of [() => cache.invalidate(area, 'a'), () => cache.clear(area)]) await (await begin()).end();
      expect(await cache.get(area, 'a', async () => 'new')).to.equal('new');
      expect((await scraped()).value('tavernkeep_cache_invalidations_total', { area: 'rules' })).to.equal(2);
    });

    it('in the process tells what it holds, and what left to make room', async () => {
      const cache = new EmbeddedCache({ clock: { now: () => at(0) }, entriesPerArea: 3 });
      for (const key of ['a', 'b', 'c', 'd', 'e']) await cache.get(area, key, async () => key);
      await (await cache.invalidate(area, 'e')).end();
      expect(cache.usage()).to.deep.equal([{ area: 'rules', entries: 2, evictions: 2 }]);
    });
  });

  describe('sessions', () => {
    it('are counted when they have begun and ended, and not where that failed', async () => {
      const measured = (answer: () => Promise<unknown>) =>
        new MeasuredSessions(answering<Sessions>(answer), metrics.sessions);
      const session = aSession(newId('user'));
      for (const answer of [async () => undefined, away]) {
        await ends(measured(answer).begin(session, 20));
        await ends(measured(answer).end(session.digest));
      }
      for (const answer of [async () => [session, session, session], away])
        await ends(measured(answer).endByUser(session.userId, at(0)));
      const found = await scraped();
      expect(found.value('tavernkeep_sessions_begun_total')).to.equal(1);
      expect(found.value('tavernkeep_sessions_ended_total', { by: 'one' })).to.equal(1);
      expect(found.value('tavernkeep_sessions_ended_total', { by: 'user' })).to.equal(3);
    });

    it('pass on every other call', async () => {
      const store = new MeasuredSessions(
        answering<Sessions>(async () => 'passed on'),
        metrics.sessions,
      );
      const session = aSession(newId('user'));
      const calls = [
        store.find(session.digest, at(0)),
        store.touch(session),
        store.count(at(0)),
        store.listByUser(session.userId, at(0)),
      ];
      for (const answer of await Promise.all<unknown>(calls)) expect(answer).to.equal('passed on');
    });

    it('that are alive are counted once, however many scrape at once or in a row', async () => {
      let counts = 0;
      const count = async () => {
        counts += 1;
        return 7;
      };
      observeAliveSessions(metrics.instruments, { sessions: { count }, clock: { now: () => at(0) } });
      for (const found of await Promise.all([scraped(), scraped()]))
        expect(found.value('tavernkeep_sessions_alive')).to.equal(7);
      await scraped();
      expect(counts).to.equal(1);
    });

    it('that are alive have no number where the store is away or does not answer, and the scrape goes on', async () => {
      const clock = { now: () => at(0) };
      observeAliveSessions(metrics.instruments, { sessions: { count: away }, clock });
      expect((await scraped()).value('tavernkeep_sessions_alive')).to.equal(undefined);
      const silent = createMetrics();
      const count = () => new Promise<number>(() => {});
      observeAliveSessions(silent.instruments, { sessions: { count }, clock, waitMs: 1 });
      const { text } = await silent.instruments.scrape();
      expect(new Scraped(text).value('tavernkeep_sessions_alive')).to.equal(undefined);
    });
  });

  describe('limits', () => {
    it('count what a rate limit refuses, by area', async () => {
      const limiter = new MeasuredRateLimiter(new EmbeddedRateLimiter(), metrics.limits);
      const charge = { area: 'actor', key: 'a', limit: { requests: 2, windowMs: 60_000 }, cost: 1 } as const;
      const other = { ...charge, area: 'anonymous', key: 'b', limit: { requests: 9, windowMs: 60_000 } } as const;
      for (let n = 0; n < 5; n += 1) await limiter.take([other, charge], at(0));
      expect(await limiter.leaves(charge, at(0))).to.equal(false);
      const found = await scraped();
      expect(found.value('tavernkeep_rate_limit_refusals_total', { area: 'actor' })).to.equal(3);
      expect(found.value('tavernkeep_rate_limit_refusals_total')).to.equal(3);
    });

    it('count sign-ins that have to wait, and pass on the rest', async () => {
      const measured = (waitMs: number) =>
        new MeasuredSignInDelays(
          answering<SignInDelays>(async () => waitMs),
          metrics.limits,
        );
      const subject = { account: 'a', address: null };
      for (const waitMs of [0, 5]) {
        expect(await measured(waitMs).waitMs(subject, at(0))).to.equal(waitMs);
        expect(await measured(waitMs).attempt(subject, at(0))).to.equal(waitMs);
        await measured(waitMs).succeeded(['a'], null);
        await measured(waitMs).unlock(['a']);
      }
      expect((await scraped()).value('tavernkeep_rate_limit_refusals_total', { area: 'sign_in' })).to.equal(2);
    });

    it('count failures to prove who one is, and have them written', async () => {
      const written: unknown[] = [];
      const log: FailureLog = { enqueue: (entry) => written.push(entry) };
      const entry = anAuditEntry({ action: 'users.sign_in', outcome: 'failed' });
      new MeasuredFailureLog(log, metrics.limits).enqueue(entry);
      expect(written).to.deep.equal([entry]);
      const action = { action: 'users.sign_in' };
      expect((await scraped()).value('tavernkeep_authentication_failures_total', action)).to.equal(1);
    });
  });

  describe('Redis', () => {
    it('has no value before it is used; then its calls are counted, and whether it is away', async () => {
      expect((await scraped()).value('tavernkeep_redis_away')).to.equal(undefined);
      metrics.redis.called('get', 1, 'answered');
      metrics.redis.called('get', 250, 'late');
      const before = await scraped();
      expect(before.value('tavernkeep_redis_away')).to.equal(0);
      expect(before.value('tavernkeep_redis_calls_total', { call: 'get', outcome: 'late' })).to.equal(1);
      expect(before.value('tavernkeep_redis_call_duration_seconds_count', { call: 'get' })).to.equal(1);
      metrics.redis.changed('away');
      expect((await scraped()).value('tavernkeep_redis_away')).to.equal(1);
      metrics.redis.changed('redis');
      expect((await scraped()).value('tavernkeep_redis_away')).to.equal(0);
    });
  });
});
