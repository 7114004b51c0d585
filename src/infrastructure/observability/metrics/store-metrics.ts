/** What the stores and the worker hold and what waits for them, read at a scrape. */
import type { Records } from '../../stores/records.ts';
import type { SpeedLayer } from '../../stores/speed-layer.ts';
import type { Instruments, Sample } from './instruments.ts';

/** Changes that are in memory and not yet written. */
type Unwritten = Readonly<{ count: number; lagMs: number }>;

type Sources = Readonly<{
  records: Pick<Records, 'pressure'>;
  speedLayer: Pick<SpeedLayer, 'usage'>;
  tokenUses: Readonly<{ unwritten: Unwritten }>;
  worker: Readonly<{ length: number }>;
}>;

export function observeStores(instruments: Instruments, { records, speedLayer, tokenUses, worker }: Sources): void {
  observeDatabase(instruments, records);
  observeSpeedLayer(instruments, speedLayer);
  observeWriteBehind(instruments, () => ({ ...speedLayer.usage().unwritten, token_uses: tokenUses.unwritten }));
  instruments.readGauge(
    { name: 'tavernkeep_worker_queue_length', help: 'Compactions and counts in the worker thread or waiting for it.' },
    () => [[{}, worker.length]],
  );
}

function observeDatabase(instruments: Instruments, records: Pick<Records, 'pressure'>): void {
  instruments.readGauge(
    {
      name: 'tavernkeep_database_queue_length',
      help: 'What waits: for the one writer (writer, on SQLite), a shared append (appends) or a connection (pool).',
      labels: ['queue'],
    },
    () => samplesOf('queue', records.pressure().queues),
  );
  instruments.readGauge(
    {
      name: 'tavernkeep_database_connections',
      help: 'Connections of the pool to PostgreSQL, in use (busy) and not (idle).',
      labels: ['state'],
    },
    () => samplesOf('state', records.pressure().connections),
  );
}

function observeSpeedLayer(instruments: Instruments, speedLayer: Pick<SpeedLayer, 'usage'>): void {
  instruments.readGauge(
    {
      name: 'tavernkeep_speed_layer_entries',
      help: 'Entries that a store of the speed layer holds in this process.',
      labels: ['store'],
    },
    () => samplesOf('store', speedLayer.usage().entries),
  );
  instruments.readGauge(
    {
      name: 'tavernkeep_window_copies_bytes',
      help: 'What the copies of windows take in this process, as it is estimated.',
    },
    () => [[{}, speedLayer.usage().copiesBytes]],
  );
  instruments.readGauge(
    { name: 'tavernkeep_cache_entries', help: 'Values that the cache holds in this process.', labels: ['area'] },
    () => speedLayer.usage().cache.map(({ area, entries }) => [{ area }, entries]),
  );
  instruments.readCounter(
    {
      name: 'tavernkeep_cache_evictions_total',
      help: 'Values that left the cache of this process to make room for others.',
      labels: ['area'],
    },
    () => speedLayer.usage().cache.map(({ area, evictions }) => [{ area }, evictions]),
  );
}

function observeWriteBehind(instruments: Instruments, unwritten: () => Readonly<Record<string, Unwritten>>): void {
  const each = (value: (one: Unwritten) => number) =>
    samplesOf('store', Object.fromEntries(Object.entries(unwritten()).map(([store, one]) => [store, value(one)])));
  instruments.readGauge(
    {
      name: 'tavernkeep_write_behind_pending',
      help: 'Changes in memory that are not written yet: uses of sessions and API tokens, failures to sign in.',
      labels: ['store'],
    },
    () => each(({ count }) => count),
  );
  instruments.readGauge(
    {
      name: 'tavernkeep_write_behind_lag_seconds',
      help: 'How long the oldest of them has waited; a second is usual.',
      labels: ['store'],
    },
    () => each(({ lagMs }) => lagMs / 1_000),
  );
}

function samplesOf<Label extends string>(label: Label, values: Readonly<Record<string, number>>): Sample<Label>[] {
  return Object.entries(values).map(([name, value]) => [{ [label]: name } as Record<Label, string>, value]);
}
