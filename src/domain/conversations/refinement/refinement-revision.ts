/** The revision that refines a compaction: the same window with another summary. */
import type { ContextEvent, Revision, StoredEntry } from '../revision.ts';
import type { Estimator } from '../usage.ts';
import { type Entry, verbatimCount, type Window } from '../window.ts';

/** The summary that can be refined: that of a compaction, whose sizes this estimator counted. */
export function refinableIn(head: Revision | undefined, estimator: Estimator): Entry | undefined {
  if (head?.madeBy !== 'compaction' || head.estimator !== estimator.name) return undefined;
  return head.entries.find((entry): entry is Entry => entry.kind === 'summary');
}

/** The window with the refined summary in place of the one that it has. */
export function refinedWindow(window: Window, refined: Entry): Window {
  const replaced = window.entries.find(({ kind }) => kind === 'summary') ?? refined;
  return {
    ...window,
    entries: withSummary(window.entries, refined),
    size: window.size + refined.size - replaced.size,
  };
}

function withSummary<Stored extends StoredEntry>(
  entries: readonly Stored[],
  { content, size }: Entry,
): readonly Stored[] {
  return entries.map((entry) => (entry.kind === 'summary' ? { ...entry, content, size } : entry));
}

type RefinementRecord = Readonly<{
  /** The compaction, and the window before and after. */
  head: Revision;
  refined: Entry;
  before: Window;
  after: Window;
  at: Date;
}>;

/** Undoing it leads where undoing the compaction would have led. */
export function refinementRevision(record: RefinementRecord, estimator: Estimator): Revision {
  const { head, refined, before, after, at } = record;
  const id = head.id + 1;
  const event: ContextEvent = {
    id,
    kind: 'refined',
    trigger: 'auto',
    beforeTokens: estimator.tokens(before.size),
    afterTokens: estimator.tokens(after.size),
    beforeMessages: verbatimCount(before),
    afterMessages: verbatimCount(after),
    strategiesUsed: [],
    summariesAdded: 0,
    by: null,
    at,
  };
  const { parentId, uptoSeq, estimator: counted } = head;
  const entries = withSummary(head.entries, refined);
  const size = head.size + after.size - before.size;
  return { id, parentId, uptoSeq, entries, size, estimator: counted, madeBy: 'refinement', event };
}
