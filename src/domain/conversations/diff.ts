/** Computes the difference between the windows before and after a compaction. */
import { type Entry, messagesIn, seqsOf, type Window } from './window.ts';

export type WindowDiff = Readonly<{
  /** The number of entries that both windows have. */
  kept: number;
  /** New entries that stand for several messages, summaries included. */
  folded: readonly Readonly<{ entry: Entry; seqs: readonly number[] }>[];
  /** Messages that were shortened, with both texts. */
  condensed: readonly Readonly<{ seq: number; before: string; after: string }>[];
  /** Messages whose artefacts were replaced by stubs. */
  stubbed: readonly Readonly<{ seq: number; after: string }>[];
  /** Messages that only the newer window contains verbatim. */
  added: readonly Entry[];
}>;

/** A key that is equal for equal entries. It leaves out size and pin, which do not change what an entry shows. */
function identity(entry: Entry): string {
  const { kind, role, name, content, toolCalls, toolCallId, fromSeq, toSeq, seqs } = entry;
  return JSON.stringify([kind, role, name, content, toolCalls, toolCallId, fromSeq, toSeq, seqs]);
}

/** The text of every entry that stands for a single message, by the message's seq. */
function textsBySeq(window: Window): ReadonlyMap<number, string> {
  const single = window.entries.filter((entry) => entry.kind !== 'summary' && messagesIn(entry) === 1);
  return new Map(single.map((entry) => [entry.fromSeq, entry.content]));
}

/** Returns what changed from one window to another, each list in the order of the newer window. */
export function diffOf(before: Window, after: Window): WindowDiff {
  const known = new Set(before.entries.map(identity));
  const texts = textsBySeq(before);
  const changed = after.entries.filter((entry) => !known.has(identity(entry)));
  const ofKind = (kind: Entry['kind']) => changed.filter((entry) => entry.kind === kind);
  return {
    kept: after.entries.length - changed.length,
    folded: changed
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
