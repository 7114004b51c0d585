/** Undos and pins are counted as what they are, and refinements as neither. */
import { expect } from 'chai';
import type { Conversations, WindowChange } from '#application/conversations/ports.ts';
import { storeErrors } from '#application/shared/store-errors.ts';
import { conversationErrors } from '#domain/conversations/errors.ts';
import { measuredConversations } from '#infrastructure/observability/metrics/measured-conversations.ts';
import { createMetrics, type Metrics } from '#infrastructure/observability/metrics/metrics.ts';
import { aRevision, aThread, newId } from '../../../support/builders/records.ts';
import { aPinChange, aRevisionChange } from '../../../support/builders/window-changes.ts';
import { Scraped } from '../../../support/metrics/scraped.ts';

describe('measured changes of windows', () => {
  const thread = aThread(newId('user'));
  let metrics: Metrics;
  beforeEach(() => {
    metrics = createMetrics();
  });

  const scraped = async () => new Scraped((await metrics.instruments.scrape()).text);
  const commit = (change: WindowChange, answer: Conversations['commit']) =>
    measuredConversations({ ...metrics, conversations: { commit: answer } as Conversations }).commit(change);

  const CHANGES: Readonly<Record<string, WindowChange>> = {
    undo: aRevisionChange(thread.id, { revision: aRevision({ madeBy: 'undo' }) }),
    pin: aPinChange(thread.id),
    unpin: aPinChange(thread.id, { pinned: false }),
  };
  for (const [kind, change] of Object.entries(CHANGES))
    it(`count of kind ${kind} how it ended, and no compaction and no append`, async () => {
      expect(await commit(change, async () => thread)).to.equal(thread);
      expect(await commit(change, async () => undefined)).to.equal(undefined);
      for (const error of [storeErrors.storeUnavailable(), conversationErrors.archived()])
        expect(await commit(change, () => Promise.reject(error)).catch((thrown: unknown) => thrown)).to.equal(error);
      const found = await scraped();
      for (const outcome of ['committed', 'overtaken', 'failed', 'refused'])
        expect(found.value('tavernkeep_window_changes_total', { kind, outcome }), outcome).to.equal(1);
      expect(found.value('tavernkeep_window_changes_total')).to.equal(4);
      expect(found.value('tavernkeep_compactions_total')).to.equal(0);
      expect(found.value('tavernkeep_appends_total')).to.equal(0);
    });

  it('count a refinement as neither', async () => {
    const change = aRevisionChange(thread.id, { revision: aRevision({ madeBy: 'refinement' }) });
    expect(await commit(change, async () => thread)).to.equal(thread);
    for (const name of ['window_changes', 'compactions', 'appends'])
      expect((await scraped()).value(`tavernkeep_${name}_total`)).to.equal(0);
  });
});
