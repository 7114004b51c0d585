/** Joins the chosen sentences of a summary into passages, with marks where something is left out. */
import { openEnds } from '#domain/text/quotations.ts';
import { continuesAt, isCutAt, isFinishedAt } from '#domain/text/sentences.ts';
import { isAdjacent, type Sentence } from './passages.ts';
import { GAP, isSpeakable, LINE_END, PARTING, type Passage } from './summary-text.ts';

/** Messages further from the first of a passage are not part of it. */
export const JOIN_MAX_DISTANCE = 4;
/** Line breaks of any system, which would end a passage. */
const LINE_BREAK = /[\n\r\v\f\u0085\u2028\u2029]/u;
const LINE_BREAKS = /\s*[\n\r\v\f\u0085\u2028\u2029]\s*/gu;

const isNotice = ({ origin }: Sentence) => origin.role === 'system';

/** Whether a notice, such as the heading of another day, stands or stood between two sentences that are shown. */
function isNoticeLeftOut(all: readonly Sentence[], before: number, after: number): boolean {
  for (let i = before + 1; i < after; i++) if (isNotice(all[i]!) || all[i]!.origin.isParted) return true;
  return all[after]!.origin.isParted;
}

/**
 * Whether a chosen sentence is shown in the passage that begins with `first` and has `before` as its last sentence so
 * far; all three are indices.
 */
function isJoined(all: readonly Sentence[], first: number, before: number, index: number): boolean {
  const [one, two] = [all[first]!.origin, all[index]!.origin];
  if (one === two) return true;
  if (one.isSummarised || two.isSummarised || one.speaker !== two.speaker || one.role !== two.role) return false;
  return one.role !== 'system' && two.seq - one.seq <= JOIN_MAX_DISTANCE && !isNoticeLeftOut(all, before, index);
}

/**
 * What stands between two joined sentences: a mark, too, between messages, whose ends may have been left out before.
 */
function separator(all: readonly Sentence[], before: number, after: number): string {
  const [one, two] = [all[before]!, all[after]!];
  if (after !== before + 1 || !isAdjacent(one, two)) return GAP;
  const isLineEnd = !isFinishedAt(one.text, one.end) && one.text.slice(one.end, two.start).includes('\n');
  return isLineEnd ? LINE_END : ' ';
}

/** What begins an item of a list, a heading or a quoted line in Markdown. */
const LINE_SIGN = /^(?:[-*+•]|#{1,6}|>) +(?=\S)/u;
/** Words that Markdown sets in bold, which a line of a summary cannot show. */
const BOLD = /(?<![\p{L}\p{N}*])\*\*(?=\S)([^*]+)(?<=\S)\*\*(?![\p{L}\p{N}*])/gu;

function wordsOf({ text, start, end }: Sentence): string {
  const words = text.slice(start, end).replace(LINE_SIGN, '');
  const plain = words.includes('**') ? words.replace(BOLD, '$1') : words;
  // Few sentences have any, and to look for white space around them is slow.
  return LINE_BREAK.test(plain) ? plain.replace(LINE_BREAKS, ' ') : plain;
}

/** Marks the ends of a passage where it begins or ends within a sentence or a quotation. */
function withOpenEnds(text: string, first: Sentence, last: Sentence): string {
  const { before, after } = openEnds(text);
  const start = before || continuesAt(first.text, first.start) ? GAP.trimStart() : '';
  return start + text + (after || isCutAt(last.text, last.end) ? GAP.trimEnd() : '');
}

/** The indices of the sentences of each passage. */
function groupsOf(all: readonly Sentence[], chosen: readonly number[]): readonly (readonly number[])[] {
  const groups: number[][] = [];
  for (const index of chosen) {
    const group = groups.at(-1);
    if (group !== undefined && isJoined(all, group[0]!, group.at(-1)!, index)) group.push(index);
    else groups.push([index]);
  }
  return groups;
}

function passageOf(all: readonly Sentence[], group: readonly number[]): Passage {
  const sentences = group.map((index) => all[index]!);
  const [first, last] = [sentences[0]!, sentences.at(-1)!];
  const { seq, isExact, speaker } = first.origin;
  // A notice without a name says by itself what it is.
  const name = speaker !== null && speaker !== 'system' && isSpeakable(speaker) ? speaker : null;
  const text = sentences.map((one, i) => (i === 0 ? '' : separator(all, group[i - 1]!, group[i]!)) + wordsOf(one));
  return { seq: isExact ? seq : null, speaker: name, text: withOpenEnds(text.join(''), first, last) };
}

/**
 * Returns the passages of a summary: `chosen` are ascending indices of `all`, which is in order of time. Names that
 * cannot be parsed back are left out. What was said under a notice that is left out is parted from what stands under
 * one that is shown, or it would seem to be of the same day.
 */
export function passagesOf(all: readonly Sentence[], chosen: readonly number[]): readonly Passage[] {
  const passages: Passage[] = [];
  let isUnderNotice = false;
  let last = -1;
  for (const group of groupsOf(all, chosen)) {
    const first = group[0]!;
    if (isNotice(all[first]!)) isUnderNotice = true;
    else if (isUnderNotice && isNoticeLeftOut(all, last, first)) {
      passages.push(PARTING);
      isUnderNotice = false;
    }
    passages.push(passageOf(all, group));
    last = group.at(-1)!;
  }
  return passages;
}
