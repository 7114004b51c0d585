/** A revision: an immutable snapshot of a window, with the event that reports to users what happened to it. */
import type { UserId } from '#domain/shared/ids.ts';
import type { StrategyName } from './context-policy.ts';
import type { EstimatorName } from './usage.ts';
import type { Entry } from './window.ts';

/**
 * Consecutive messages that a revision contains verbatim. It references them; their text is stored in the transcript
 * only.
 */
export type VerbatimRun = Readonly<{ kind: 'messages'; fromSeq: number; toSeq: number }>;

/** One element of a stored window. Elements are ordered by the first message that they stand for. */
export type StoredEntry = VerbatimRun | Entry;

/** What one strategy contributed to a compaction. */
export type StrategyUse = Readonly<{
  name: StrategyName;
  tokensFreed: number;
  entriesRemoved: number;
  /** Elapsed milliseconds, for the operator: the only part of a compaction that is not deterministic. */
  ms: number;
}>;

/** What happened to a window, as users see it. */
export type ContextEvent = Readonly<{
  /** The id of the revision that the event belongs to. */
  id: number;
  kind: 'compacted' | 'undone' | 'refined';
  /** `auto` for the compaction that an append needed. */
  trigger: 'auto' | 'manual';
  /** Tokens of the window before and after, both including the message whose append started the compaction. */
  beforeTokens: number;
  afterTokens: number;
  /** Verbatim messages in the window before and after. */
  beforeMessages: number;
  afterMessages: number;
  strategiesUsed: readonly StrategyUse[];
  summariesAdded: number;
  /** Who asked for it; null for a compaction that an append needed, and once that user is deleted. */
  by: UserId | null;
  at: Date;
}>;

export const REVISION_MAKERS = ['compaction', 'undo', 'refinement'] as const;

export type Revision = Readonly<{
  /** 1, 2, … within the thread. */
  id: number;
  /** The revision that undoing this one restores; 0 is the transcript without any revision. */
  parentId: number;
  /** The last message that the entries stand for. In the window, all later messages follow them verbatim. */
  uptoSeq: number;
  entries: readonly StoredEntry[];
  /** The size of the entries without the system prompt, in the unit of `estimator`. */
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
