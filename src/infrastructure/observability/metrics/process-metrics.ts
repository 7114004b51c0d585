/** What the process uses, and how long its event loop makes others wait: read at a scrape, under the usual names. */
import { readdir } from 'node:fs/promises';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import process from 'node:process';
import type { Instruments } from './instruments.ts';

/**
 * A timer at this interval costs an idle process next to nothing. What holds the loop may be seen by as much too short.
 */
const RESOLUTION_MS = 50;
const NS_PER_SECOND = 1e9;

/** Watches the event loop until `close`. */
export class ProcessMetrics {
  readonly #delay = monitorEventLoopDelay({ resolution: RESOLUTION_MS });

  constructor(instruments: Instruments) {
    observeMemory(instruments);
    observeProcess(instruments);
    instruments.readGauge(
      {
        name: 'tavernkeep_event_loop_delay_seconds',
        help: 'How late timers were since the last scrape: by half of them (p50), by 1 in 100 (p99), at most (max).',
        labels: ['statistic'],
      },
      () => this.#readDelay(),
    );
    instruments.readCounter(
      {
        name: 'tavernkeep_event_loop_busy_seconds_total',
        help: 'Time that the event loop spent at work; its rate is 1 where it does nothing else.',
      },
      () => [[{}, performance.eventLoopUtilization().active / 1_000]],
    );
    this.#delay.enable();
  }

  close(): void {
    this.#delay.disable();
  }

  #readDelay() {
    const { max } = this.#delay;
    const [p50, p99] = [this.#delay.percentile(50), this.#delay.percentile(99)];
    const samples = Object.entries({ p50, p99, max }).map(([statistic, ns]) => [{ statistic }, lateness(ns)] as const);
    this.#delay.reset();
    return samples;
  }
}

/** What is measured has the timer's own interval in it. */
function lateness(ns: number): number {
  return Math.max(0, ns / NS_PER_SECOND - RESOLUTION_MS / 1_000);
}

function observeMemory(instruments: Instruments): void {
  const bytes = (name: string, help: string, read: () => number) =>
    instruments.readGauge({ name, help }, () => [[{}, read()]]);
  bytes('process_resident_memory_bytes', 'Memory of the process.', () => process.memoryUsage.rss());
  bytes('nodejs_heap_size_used_bytes', 'Heap in use.', () => process.memoryUsage().heapUsed);
  bytes('nodejs_heap_size_total_bytes', 'Heap that is reserved.', () => process.memoryUsage().heapTotal);
  bytes('nodejs_external_memory_bytes', 'Memory outside the heap.', () => process.memoryUsage().external);
}

function observeProcess(instruments: Instruments): void {
  instruments.readCounter({ name: 'process_cpu_seconds_total', help: 'Processor time, of all threads.' }, () => {
    const { user, system } = process.cpuUsage();
    return [[{}, (user + system) / 1e6]];
  });
  instruments.readGauge({ name: 'process_start_time_seconds', help: 'When the process began, since 1970.' }, () => [
    [{}, performance.timeOrigin / 1_000],
  ]);
  instruments.readGauge(
    { name: 'process_open_fds', help: 'Open files and connections, where Linux tells.' },
    async () => [[{}, (await readdir('/proc/self/fd')).length]],
  );
}
