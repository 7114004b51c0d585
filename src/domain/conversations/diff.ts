/** The difference of two windows: what left, and what stands for it now. */
import { type Entry, messagesIn, seqsOf, type Window } from './window.ts';

export type WindowDiff = Readonly<{
  /** How many entries both windows have. */
  kept: number;
  /** New entries that stand for several messages, summaries included. */
  folded: readonly Readonly<{ entry: Entry; seqs: readonly number[] }>[];
  condensed: readonly Readonly<{ seq: number; before: string; after: string }>[];
  stubbed: readonly Readonly<{ seq: number; after: string }>[];
  /** Messages that stand verbatim only in the newer window. */
  added: readonly Entry[];
}>;

/** What an entry shows and stands for; two entries with the same are the same. */
function identity(entry: Entry): string {
  const { kind, role, name, content, toolCalls, toolCallId, fromSeq, toSeq, seqs } = entry;
  return JSON.stringify([kind, role, name, content, toolCalls, toolCallId, fromSeq, toSeq, seqs]);
}

/** The verbatim text of each message in the window, or the text of what stood for it alone. */
function textsBySeq(window: Window): ReadonlyMap<number, string> {
  const single = window.entries.filter((entry) => entry.kind !== 'summary' && messagesIn(entry) === 1);
  return new Map(single.map((entry) => [entry.fromSeq, entry.content]));
}

/** What changed from one window to another. */
export function diffOf(before: Window, after: Window): WindowDiff {
  const known = new Set(before.entries.map(identity));
  const texts = textsBySeq(before);
  const fresh = after.entries.filter((entry) => !known.has(identity(entry)));
  const ofKind = (kind: Entry['kind']) => fresh.filter((entry) => entry.kind === kind);
  return {
    kept: after.entries.length - fresh.length,
    folded: fresh
      .filter((entry) => entry.kind === 'summary' || entry.kind === 'folded')
      .map((entry) => ({ entry, seqs: seqsOf(entry) })),
    condensed: ofKind('condensed').map((entry) => ({
      seq: entry.fromSeq,
      before: texts.get(entry.fromSeq) ?? '',
      after: entry.content,
    })),
    stubbed: ofKind('stubbed').map((entry) => ({ seq: entry.fromSeq, after: entry.content })),
    added: ofKind('message'),
  };
}
