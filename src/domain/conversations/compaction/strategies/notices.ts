/** Folds notices: system messages, and tool messages without a call, that differ only in case, times and counters. */

import { countedText, type Entry, messagesIn, seqsOf } from '#domain/conversations/window.ts';
import { isNotice } from '../window/groups.ts';
import { isAtGoal, takeOut, type WorkingWindow } from '../window/working-window.ts';

const COUNT = / \(×\d+\)$/u;

/** What a folded entry shows of its notices, without the count. */
function shown(entry: Entry): string {
  return entry.kind === 'folded' ? entry.content.replace(COUNT, '') : entry.content;
}

/** What two notices share that say the same: the text without outer space, case, times and counters. */
function sameness(entry: Entry): string {
  const text = shown(entry)
    .trim()
    .toLowerCase()
    .replace(/\s+/gu, ' ')
    .replace(/\p{Nd}+(?:[.,:/-]\p{Nd}+)*/gu, '#');
  return `${entry.role}\n${entry.name ?? ''}\n${text}`;
}

/** Indices of loose notices that say the same, in the order of the first of each kind. */
function kindsOfNotice(work: WorkingWindow): readonly (readonly number[])[] {
  const kinds = new Map<string, number[]>();
  for (const { start, end } of work.units) {
    const entry = work.entries[start];
    if (!entry || end - start > 1 || work.guards[start] !== null || !isNotice(entry)) continue;
    const key = sameness(entry);
    const same = kinds.get(key);
    if (same === undefined) kinds.set(key, [start]);
    else same.push(start);
  }
  return [...kinds.values()].filter((same) => same.length > 1);
}

/** `seqs` as an entry has them: null where they are without gaps. Ascending numbers, at least one. */
function withoutGaps(seqs: readonly number[]): readonly number[] | null {
  return seqs.at(-1)! - seqs[0]! + 1 === seqs.length ? null : seqs;
}

/** One entry for several notices: it shows the newest, because its counters are the present ones. */
function folded(notices: readonly Entry[]): Omit<Entry, 'size'> {
  const seqs = notices.flatMap(seqsOf).toSorted((a, b) => a - b);
  const count = notices.reduce((sum, notice) => sum + messagesIn(notice), 0);
  const newest = notices.reduce((a, b) => (b.toSeq > a.toSeq ? b : a));
  return {
    ...newest,
    kind: 'folded',
    content: `${shown(newest)} (×${count})`,
    toolCalls: null,
    toolCallId: null,
    fromSeq: seqs[0]!,
    toSeq: seqs.at(-1)!,
    seqs: withoutGaps(seqs),
  };
}

function fold(work: WorkingWindow, indices: readonly number[]): void {
  const notices = indices.map((index) => work.entries[index]!);
  const form = folded(notices);
  const size = work.estimator.size(countedText(form));
  // With very short notices the count would take more than it saves.
  if (size > notices.reduce((sum, notice) => sum + notice.size, 0)) return;
  for (const index of indices) takeOut(work, index);
  work.entries[indices[0]!] = { ...form, size };
  work.size += size;
  work.count++;
}

/** Folds kind after kind, the one that began first first, until the goal is met. */
export function foldNotices(work: WorkingWindow): void {
  for (const indices of kindsOfNotice(work)) {
    if (isAtGoal(work)) return;
    fold(work, indices);
  }
}
