/** The window without what a reader may no longer be told: memory keeps no licence alive. */
import { JOIN_MAX_DISTANCE } from '../compaction/summary/speech.ts';
import { FOOTER, headerOf, type Passage, parseSummary, passageLines } from '../compaction/summary/summary-text.ts';
import type { Estimator } from '../usage.ts';
import { type Entry, seqsOf, type Window } from '../window.ts';

/** Who an answer is by, in a summary. */
const SPEAKER = 'assistant';

/**
 * Leaves out the messages with these numbers, and what summaries say in their words. The index of such a summary goes
 * as a whole: nobody can tell from which message a name in it is.
 */
export function withoutWithheld(window: Window, withheld: ReadonlySet<number>, estimator: Estimator): Window {
  if (withheld.size === 0) return window;
  const entries = window.entries.flatMap((entry) => entryWithout(entry, withheld, estimator));
  const sizeOf = (all: readonly Entry[]) => all.reduce((sum, { size }) => sum + size, 0);
  return { ...window, entries, size: window.size - sizeOf(window.entries) + sizeOf(entries) };
}

function entryWithout(entry: Entry, withheld: ReadonlySet<number>, estimator: Estimator): readonly Entry[] {
  if (!seqsOf(entry).some((seq) => withheld.has(seq))) return [entry];
  return entry.kind === 'summary' ? [summaryWithout(entry, withheld, estimator)] : [];
}

function summaryWithout(entry: Entry, withheld: ReadonlySet<number>, estimator: Estimator): Entry {
  const { passages } = parseSummary(entry.content);
  const kept = passages.filter((passage, at) => !standsOn(passage, passages[at + 1], withheld));
  const content = [headerOf(entry.fromSeq, entry.toSeq), ...passageLines(kept), FOOTER].join('\n');
  return { ...entry, content, size: estimator.size(content) };
}

/** A passage has the words of its first message, and may have those of later ones of the same speaker. */
function standsOn({ seq, speaker }: Passage, next: Passage | undefined, withheld: ReadonlySet<number>): boolean {
  if (seq === null || (speaker !== null && speaker !== SPEAKER)) return false;
  const last = Math.min(seq + JOIN_MAX_DISTANCE, next?.seq ?? Number.POSITIVE_INFINITY);
  for (let one = seq; one <= last; one += 1) if (withheld.has(one)) return true;
  return false;
}
