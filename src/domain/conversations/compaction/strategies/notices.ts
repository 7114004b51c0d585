/** Folds notices (system messages, and tool messages without a call) that differ only in case, space and numbers. */
import { countedText, type Entry, messagesIn, seqsOf } from '#domain/conversations/window.ts';
import { isNotice } from '../window/groups.ts';
import { isAtGoal, takeOut, type WorkingWindow } from '../window/working-window.ts';

/** The count that `folded` appends. */
const COUNT = / \(×\d+\)$/u;

/** The text of a notice, without the count of one that was folded before. */
function noticeText(entry: Entry): string {
  return entry.kind === 'folded' ? entry.content.replace(COUNT, '') : entry.content;
}

/** The key under which notices are folded: role, name, and the text in lower case with numbers replaced by `#`. */
function foldingKey(entry: Entry): string {
  const text = noticeText(entry)
    .trim()
    .toLowerCase()
    .replace(/\s+/gu, ' ')
    .replace(/\p{Nd}+(?:[.,:/-]\p{Nd}+)*/gu, '#');
  return `${entry.role}\n${entry.name ?? ''}\n${text}`;
}

/** The indices of unprotected notices with equal keys, two or more each, ordered by the first notice of each kind. */
function repeatedNotices(work: WorkingWindow): readonly (readonly number[])[] {
  const kinds = new Map<string, number[]>();
  for (const { start, end } of work.units) {
    const entry = work.entries[start];
    if (!entry || end - start > 1 || work.guards[start] !== null || !isNotice(entry)) continue;
    const key = foldingKey(entry);
    const same = kinds.get(key);
    if (same === undefined) kinds.set(key, [start]);
    else same.push(start);
  }
  return [...kinds.values()].filter((same) => same.length > 1);
}

/** Converts ascending, non-empty numbers to the form of `Entry.seqs`: null if they have no gaps. */
function withoutGaps(seqs: readonly number[]): readonly number[] | null {
  return seqs.at(-1)! - seqs[0]! + 1 === seqs.length ? null : seqs;
}

/** The entry that replaces several notices. It shows the newest of them, whose counters are current. */
function folded(notices: readonly Entry[]): Omit<Entry, 'size'> {
  const seqs = notices.flatMap(seqsOf).toSorted((a, b) => a - b);
  const count = notices.reduce((sum, notice) => sum + messagesIn(notice), 0);
  const newest = notices.reduce((a, b) => (b.toSeq > a.toSeq ? b : a));
  return {
    ...newest,
    kind: 'folded',
    content: `${noticeText(newest)} (×${count})`,
    toolCalls: null,
    toolCallId: null,
    fromSeq: seqs[0]!,
    seqs: withoutGaps(seqs),
  };
}

function fold(work: WorkingWindow, indices: readonly number[]): void {
  const notices = indices.map((index) => work.entries[index]!);
  const form = folded(notices);
  const size = work.estimator.size(countedText(form));
  // For a few very short notices the count takes more than folding saves.
  if (size > notices.reduce((sum, notice) => sum + notice.size, 0)) return;
  for (const index of indices) takeOut(work, index);
  work.entries[indices[0]!] = { ...form, size };
  work.size += size;
  work.count++;
}

/** Folds one kind of notice after the other, in the order of their first notices, until the goal is met. */
export function foldNotices(work: WorkingWindow): void {
  for (const indices of repeatedNotices(work)) {
    if (isAtGoal(work)) return;
    fold(work, indices);
  }
}
