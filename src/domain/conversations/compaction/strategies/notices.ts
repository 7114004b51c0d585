/** Folds notices (system messages, and tool messages without a call) that follow each other and say the same. */
import { countedText, type Entry, messagesIn, seqsOf } from '#domain/conversations/window.ts';
import { beginningOf } from '#domain/text/characters.ts';
import { isNotice } from '../window/groups.ts';
import { isAtGoal, takeOut, type WorkingWindow } from '../window/working-window.ts';
import { noticeKey } from './notice-key.ts';

/** What `folded` appends, and before it what was appended when a fold named only how many it stands for. */
const FOLD_END = / \(×\d+(?:, #\d+(?: "([^"\n]*)")? – #\d+)?\)$/u;
/** The length of the quotation of the first notice. */
const FIRST_MAX_CHARACTERS = 60;

/** The text of a notice, without what a fold appended to it. */
function noticeText(entry: Entry): string {
  return entry.kind === 'folded' ? entry.content.replace(FOLD_END, '') : entry.content;
}

/** The key under which notices are folded: role, name, and the text without what counts and ticks. */
function foldingKey(entry: Entry): string {
  return `${entry.role}\n${entry.name ?? ''}\n${noticeKey(noticeText(entry))}`;
}

function canFold(work: WorkingWindow, index: number): boolean {
  const entry = work.entries[index];
  return !!entry && work.guards[index] === null && isNotice(entry);
}

/**
 * Runs of two or more unprotected notices with equal keys, as their indices. Nothing stands between the notices of a
 * run: a fold across what was said would show its last notice before that, or its first one after it.
 */
function repeatedNotices(work: WorkingWindow): readonly (readonly number[])[] {
  const runs: number[][] = [];
  let key: string | null = null;
  for (const { start, end } of work.units) {
    const next = end - start === 1 && canFold(work, start) ? foldingKey(work.entries[start]!) : null;
    if (next !== null && next === key) runs.at(-1)!.push(start);
    else runs.push([start]);
    key = next;
  }
  return runs.filter((run) => run.length > 1);
}

/** Converts ascending, non-empty numbers to the form of `Entry.seqs`: null if they have no gaps. */
function withoutGaps(seqs: readonly number[]): readonly number[] | null {
  return seqs.at(-1)! - seqs[0]! + 1 === seqs.length ? null : seqs;
}

/** In what the first notice differs from the last, with the words around it; empty if in nothing but case and space. */
function firstWords(first: Entry, last: Entry): string {
  const older = FOLD_END.exec(first.kind === 'folded' ? first.content : '')?.[1];
  if (older !== undefined) return older;
  const [words, others] = [first, last].map((notice) => noticeText(notice).trim().split(/\s+/u)) as [
    string[],
    string[],
  ];
  const differs = (a: string | undefined, b: string | undefined) => a?.toLowerCase() !== b?.toLowerCase();
  const from = words.findIndex((word, i) => differs(word, others[i]));
  if (from === -1) return '';
  const until = words.findLastIndex((word, i) => differs(word, others[i - words.length + others.length]));
  return beginningOf(words.slice(Math.max(0, from - 1), until + 1).join(' '), FIRST_MAX_CHARACTERS)
    .split('"')[0]!
    .trim();
}

/**
 * The entry that replaces several notices, in order. It shows the last, whose counters are current, and names the
 * first.
 */
function folded(notices: readonly Entry[]): Omit<Entry, 'size'> {
  const seqs = notices.flatMap(seqsOf).toSorted((a, b) => a - b);
  const count = notices.reduce((sum, notice) => sum + messagesIn(notice), 0);
  const [first, last] = [notices[0]!, notices.at(-1)!];
  const words = firstWords(first, last);
  const range = `#${seqs[0]}${words === '' ? '' : ` "${words}"`} – #${seqs.at(-1)}`;
  return {
    ...last,
    kind: 'folded',
    content: `${noticeText(last)} (×${count}, ${range})`,
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
  // For a few very short notices the count takes more than folding saves.
  if (size > notices.reduce((sum, notice) => sum + notice.size, 0)) return;
  for (const index of indices) takeOut(work, index);
  work.entries[indices.at(-1)!] = { ...form, size };
  work.size += size;
  work.count++;
}

/** Folds one run of notices after the other, oldest first, until the goal is met. */
export function foldNotices(work: WorkingWindow): void {
  for (const indices of repeatedNotices(work)) {
    if (isAtGoal(work)) return;
    fold(work, indices);
  }
}
