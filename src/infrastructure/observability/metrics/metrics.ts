/** All metrics of a server, and its stores as they are measured: use cases are given no others. */
import type { Records } from '../../stores/records.ts';
import type { SpeedLayer } from '../../stores/speed-layer.ts';
import { BackgroundMetrics } from './background-metrics.ts';
import { CompactionMetrics } from './compaction-metrics.ts';
import { Instruments } from './instruments.ts';
import { CacheMetrics, MeasuredCache } from './measured-cache.ts';
import { ContextMetrics, MeasuredContexts } from './measured-contexts.ts';
import { AppendMetrics, measuredConversations } from './measured-conversations.ts';
import { LimitMetrics, MeasuredRateLimiter, MeasuredSignInDelays } from './measured-limits.ts';
import { SearchMetrics } from './measured-search.ts';
import { MeasuredSessions, SessionMetrics } from './measured-sessions.ts';
import { RedisMetrics } from './redis-metrics.ts';
import { RequestMetrics } from './request-metrics.ts';
import { WindowChangeMetrics } from './window-change-metrics.ts';

export type Metrics = ReturnType<typeof createMetrics>;

/** What is counted as it happens; what is read at a scrape is added where its source is opened. */
export function createMetrics() {
  const instruments = new Instruments();
  return {
    instruments,
    requests: new RequestMetrics(instruments),
    appends: new AppendMetrics(instruments),
    compactions: new CompactionMetrics(instruments),
    windowChanges: new WindowChangeMetrics(instruments),
    cache: new CacheMetrics(instruments),
    contexts: new ContextMetrics(instruments),
    searches: new SearchMetrics(instruments),
    sessions: new SessionMetrics(instruments),
    limits: new LimitMetrics(instruments),
    redis: new RedisMetrics(instruments),
    background: new BackgroundMetrics(instruments),
  };
}

export function measuredRecords(records: Records, { appends, compactions, windowChanges }: Metrics): Records {
  const { conversations } = records;
  return { ...records, conversations: measuredConversations({ conversations, appends, compactions, windowChanges }) };
}

export function measuredSpeedLayer(speedLayer: SpeedLayer, { cache, contexts, sessions, limits }: Metrics): SpeedLayer {
  return {
    ...speedLayer,
    cache: new MeasuredCache(speedLayer.cache, cache),
    contexts: new MeasuredContexts(speedLayer.contexts, contexts),
    sessions: new MeasuredSessions(speedLayer.sessions, sessions),
    rateLimiter: new MeasuredRateLimiter(speedLayer.rateLimiter, limits),
    signInDelays: new MeasuredSignInDelays(speedLayer.signInDelays, limits),
  };
}
