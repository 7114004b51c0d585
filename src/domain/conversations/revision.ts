/** A revision: an immutable, durable snapshot of a window, and the event that tells users what happened. */
import type { StrategyName } from './context-policy.ts';
import type { EstimatorName } from './usage.ts';
import type { Entry } from './window.ts';

/** A run of messages that a revision shows verbatim. Their text is the transcript's: it is not stored again. */
export type VerbatimRun = Readonly<{ kind: 'messages'; fromSeq: number; toSeq: number }>;

/** What a revision stores for its window, ordered by the first message stood for. */
export type StoredEntry = VerbatimRun | Entry;

export type StrategyUse = Readonly<{
  name: StrategyName;
  tokensFreed: number;
  entriesRemoved: number;
  /** Milliseconds that the strategy took, for the operator's eyes; not part of what is promised to be deterministic. */
  ms: number;
}>;

export type ContextEvent = Readonly<{
  /** The number of the revision that the event made. */
  id: number;
  kind: 'compacted' | 'undone' | 'refined';
  trigger: 'auto' | 'manual';
  /** Tokens of the window, the message that brought it about included. */
  beforeTokens: number;
  afterTokens: number;
  /** Verbatim messages in the window. */
  beforeMessages: number;
  afterMessages: number;
  strategiesUsed: readonly StrategyUse[];
  summariesAdded: number;
  at: Date;
}>;

export const REVISION_MAKERS = ['compaction', 'undo', 'refinement'] as const;

export type Revision = Readonly<{
  /** 1, 2, … per thread. */
  id: number;
  /** The revision that an undo of this one leads back to; 0 is the bare transcript. */
  parentId: number;
  /** The last message that the entries account for; later messages follow them verbatim. */
  uptoSeq: number;
  entries: readonly StoredEntry[];
  /** Of the entries, in the unit of `estimator`, the system prompt not included. */
  size: number;
  estimator: EstimatorName;
  madeBy: (typeof REVISION_MAKERS)[number];
  event: ContextEvent;
}>;

/**
 * The entries as a revision stores them: verbatim ones as runs, and pins not at all, because they are rows of their
 * own. `composeWindow` is the inverse.
 */
export function storedEntries(entries: readonly Entry[]): readonly StoredEntry[] {
  const stored: StoredEntry[] = [];
  for (const entry of entries) {
    const last = stored.at(-1);
    if (entry.kind !== 'message') stored.push(entry.pinned ? { ...entry, pinned: false } : entry);
    else if (last?.kind === 'messages' && last.toSeq + 1 === entry.fromSeq) {
      stored[stored.length - 1] = { ...last, toSeq: entry.toSeq };
    } else stored.push({ kind: 'messages', fromSeq: entry.fromSeq, toSeq: entry.toSeq });
  }
  return stored;
}
