/** Joins the chosen sentences of a summary into passages, with marks where something is left out. */
import { isAdjacent, type Sentence } from './passages.ts';
import { GAP, isSpeakable, type Passage } from './summary-text.ts';

/** Messages further from the first of a passage are not part of it. */
const JOIN_MAX_DISTANCE = 4;
/** Line breaks of any system, which would end a passage. */
const LINE_BREAK = /[\n\r\v\f\u0085\u2028\u2029]/u;
const LINE_BREAKS = /\s*[\n\r\v\f\u0085\u2028\u2029]\s*/gu;

/** Whether a notice stands between two sentences, such as the heading of another day. */
function isParted(all: readonly Sentence[], from: number, to: number): boolean {
  for (let i = from + 1; i < to; i++) if (all[i]!.origin.role === 'system') return true;
  return false;
}

/**
 * Whether a chosen sentence is shown in the passage that begins with `first` and has `before` as its last sentence so
 * far; all three are indices.
 */
function isJoined(all: readonly Sentence[], first: number, before: number, index: number): boolean {
  const [one, two] = [all[first]!.origin, all[index]!.origin];
  if (one === two) return true;
  if (one.isSummarised || two.isSummarised || one.speaker !== two.speaker || one.role !== two.role) return false;
  return one.role !== 'system' && two.seq - one.seq <= JOIN_MAX_DISTANCE && !isParted(all, before, index);
}

/**
 * What stands between two joined sentences: a mark, too, between messages, whose ends may have been left out before.
 */
function separator(all: readonly Sentence[], before: number, after: number): string {
  return after === before + 1 && isAdjacent(all[before]!, all[after]!) ? ' ' : GAP;
}

function wordsOf({ text, start, end }: Sentence): string {
  const words = text.slice(start, end);
  // Few sentences have any, and to look for white space around them is slow.
  return LINE_BREAK.test(words) ? words.replace(LINE_BREAKS, ' ') : words;
}

/**
 * Returns the passages of a summary: `chosen` are ascending indices of `all`, which is in order of time. Names that
 * cannot be parsed back are left out.
 */
export function passagesOf(all: readonly Sentence[], chosen: readonly number[]): readonly Passage[] {
  const passages: { seq: number | null; speaker: string | null; text: string }[] = [];
  let first = -1;
  chosen.forEach((index, i) => {
    const sentence = all[index]!;
    const before = chosen[i - 1];
    if (before !== undefined && isJoined(all, first, before, index)) {
      passages.at(-1)!.text += separator(all, before, index) + wordsOf(sentence);
      return;
    }
    first = index;
    const { seq, isExact, speaker } = sentence.origin;
    // A notice without a name says by itself what it is.
    const name = speaker !== null && speaker !== 'system' && isSpeakable(speaker) ? speaker : null;
    passages.push({ seq: isExact ? seq : null, speaker: name, text: wordsOf(sentence) });
  });
  return passages;
}
