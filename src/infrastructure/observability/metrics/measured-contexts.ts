/** Copies of windows that count whether they were there. */
import type * as prom from 'prom-client';
import type { Contexts, WindowCopy } from '#application/conversations/ports.ts';
import type { ThreadId, UserId } from '#domain/shared/ids.ts';
import type { Instruments } from './instruments.ts';

export class ContextMetrics {
  readonly lookups: prom.Counter<'result'>;
  readonly saved: prom.Counter;

  constructor(instruments: Instruments) {
    this.lookups = instruments.counter({
      name: 'tavernkeep_window_copy_lookups_total',
      help: 'Looks for a copy of a window: found, though it may be of an older version, or absent.',
      labels: ['result'],
      known: [{ result: 'found' }, { result: 'absent' }],
    });
    this.saved = instruments.counter({
      name: 'tavernkeep_window_copies_saved_total',
      help: 'Copies of windows that were saved: made anew from the record, or brought up to a change.',
    });
  }
}

export class MeasuredContexts implements Contexts {
  readonly #contexts: Contexts;
  readonly #metrics: ContextMetrics;

  constructor(contexts: Contexts, metrics: ContextMetrics) {
    this.#contexts = contexts;
    this.#metrics = metrics;
  }

  async find(id: ThreadId): Promise<WindowCopy | undefined> {
    const copy = await this.#contexts.find(id);
    this.#metrics.lookups.inc({ result: copy === undefined ? 'absent' : 'found' });
    return copy;
  }

  async save(copy: WindowCopy): Promise<void> {
    await this.#contexts.save(copy);
    this.#metrics.saved.inc();
  }

  remove(id: ThreadId): Promise<void> {
    return this.#contexts.remove(id);
  }

  removeByOwner(ownerId: UserId): Promise<void> {
    return this.#contexts.removeByOwner(ownerId);
  }
}
