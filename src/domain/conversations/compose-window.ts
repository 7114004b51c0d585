/** The one way in which a window is put together: the head revision's entries, and every later message verbatim. */
import type { Revision, VerbatimRun } from './revision.ts';
import type { EstimatorName } from './usage.ts';
import type { Entry } from './window.ts';

/** What a window takes from the revision that it begins with. */
export type WindowHead = Pick<Revision, 'uptoSeq' | 'entries' | 'estimator'>;

/** Messages `fromSeq..toSeq`. */
export type SeqRange = Omit<VerbatimRun, 'kind'>;

/** An entry, and the estimator that counted its size. */
export type CountedEntry = Readonly<{ entry: Entry; estimator: EstimatorName }>;

export type ComposedWindow = Readonly<{
  entries: readonly Entry[];
  /** The estimators that counted the entries' sizes, each once; empty without entries. */
  countedBy: readonly EstimatorName[];
}>;

/** Which messages a window shows verbatim, in order: all that has to be read of the transcript. */
export function verbatimRanges(head: WindowHead | undefined, lastSeq: number): readonly SeqRange[] {
  const runs = (head?.entries ?? []).filter((stored) => stored.kind === 'messages');
  return [...runs, ...rangesAfter(head?.uptoSeq ?? 0, lastSeq)];
}

/**
 * The window of a head revision (undefined before the first one), with the messages of its `verbatimRanges` in order.
 * `pins` are the seqs of all pinned messages: they say which entries are pinned, whatever the entries say themselves.
 */
export function composeWindow(
  head: WindowHead | undefined,
  messages: readonly CountedEntry[],
  pins: ReadonlySet<number>,
): ComposedWindow {
  const counted = [...storedEntriesOf(head), ...messages].sort((a, b) => a.entry.fromSeq - b.entry.fromSeq);
  return {
    entries: counted.map(({ entry }) => withPins(entry, pins)),
    countedBy: [...new Set(counted.map(({ estimator }) => estimator))],
  };
}

/** The messages that came after `seq`, up to `lastSeq`. */
export function rangesAfter(seq: number, lastSeq: number): readonly SeqRange[] {
  return seq < lastSeq ? [{ fromSeq: seq + 1, toSeq: lastSeq }] : [];
}

/** Whether a message is in one of the ranges. */
export function isInRanges(ranges: readonly SeqRange[], seq: number): boolean {
  return ranges.some(({ fromSeq, toSeq }) => fromSeq <= seq && seq <= toSeq);
}

/** The window with later messages of the same version of its thread: none of them is pinned, which would change it. */
export function extendedWindow({ entries, countedBy }: ComposedWindow, later: readonly CountedEntry[]): ComposedWindow {
  if (later.length === 0) return { entries, countedBy };
  return {
    entries: [...entries, ...later.map(({ entry }) => entry)],
    countedBy: [...new Set([...countedBy, ...later.map(({ estimator }) => estimator)])],
  };
}

function storedEntriesOf(head: WindowHead | undefined): readonly CountedEntry[] {
  if (head === undefined) return [];
  const { entries, estimator } = head;
  return entries.flatMap((stored) => (stored.kind === 'messages' ? [] : [{ entry: stored, estimator }]));
}

function withPins(entry: Entry, pins: ReadonlySet<number>): Entry {
  const pinned = pins.size > 0 && standsForAny(entry, pins);
  return entry.pinned === pinned ? entry : { ...entry, pinned };
}

function standsForAny({ fromSeq, toSeq, seqs }: Entry, wanted: ReadonlySet<number>): boolean {
  if (fromSeq === toSeq) return wanted.has(fromSeq);
  return seqs === null
    ? [...wanted].some((seq) => fromSeq <= seq && seq <= toSeq)
    : seqs.some((seq) => wanted.has(seq));
}
