/** Copies of windows that are measured: whether they were there, how many are saved, and what they take. */
import { expect } from 'chai';
import { EmbeddedContexts } from '#adapters/embedded/contexts.ts';
import type { WindowCopy } from '#application/conversations/ports.ts';
import { MeasuredContexts } from '#infrastructure/observability/metrics/measured-contexts.ts';
import { createMetrics } from '#infrastructure/observability/metrics/metrics.ts';
import { at, newId } from '../../../support/builders/records.ts';
import { Scraped } from '../../../support/metrics/scraped.ts';

const copyOf = (): WindowCopy =>
  ({ threadId: newId('thread'), ownerId: newId('user'), version: 1, lastSeq: 1, entries: [] }) as unknown as WindowCopy;

describe('measured copies of windows', () => {
  it('count what is found, absent and saved, and are answered as ever', async () => {
    const metrics = createMetrics();
    const embedded = new EmbeddedContexts({ clock: { now: () => at(0) }, ttlMs: 1_000 });
    const contexts = new MeasuredContexts(embedded, metrics.contexts);
    const copy = copyOf();
    expect(await contexts.find(copy.threadId)).to.equal(undefined);
    await contexts.save(copy);
    expect(await contexts.find(copy.threadId)).to.equal(copy);
    expect(embedded.usage.copies).to.equal(1);
    expect(embedded.usage.bytes).to.be.greaterThan(0);
    await contexts.removeByOwner(copy.ownerId);
    expect(embedded.usage).to.deep.equal({ copies: 0, bytes: 0 });
    const found = new Scraped((await metrics.instruments.scrape()).text);
    for (const result of ['found', 'absent'])
      expect(found.value('tavernkeep_window_copy_lookups_total', { result }), result).to.equal(1);
    expect(found.value('tavernkeep_window_copies_saved_total')).to.equal(1);
  });
});
