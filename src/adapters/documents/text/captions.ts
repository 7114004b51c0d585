/** Reads captions, VTT and SRT: what is said, with the time at which it begins. */
import { NO_PLACE, type ReadBlock } from '#domain/retrieval/read-block.ts';
import { wordCount } from '#domain/retrieval/word-count.ts';
import { paragraph } from '../shared/blocks.ts';
import { decodeEntities } from '../shared/entities.ts';
import { type Cue, joinedCues } from './caption-joining.ts';

const TIMING =
  /^\s*(?:(\d{1,3}):)?(\d{1,2}):(\d{2})[.,](\d{1,3})[ \t]*-->[ \t]*(?:(\d{1,3}):)?(\d{1,2}):(\d{2})[.,](\d{1,3})/;
/** What VTT has beside cues, up to the next empty line. */
const NO_CUE = /^(?:WEBVTT|NOTE|STYLE|REGION)(?:\s|$)/;
/** A paragraph ends with the sentence after so many words, or without one after more. */
const PARAGRAPH_WORDS = 50;
const PARAGRAPH_MAX_WORDS = 100;
/** Milliseconds of silence that end a paragraph. */
const SILENCE = 5_000;

export function readCaptions(text: string): readonly ReadBlock[] {
  return paragraphsOf(joinedCues(cuesOf(text.split('\n'))));
}

/** A line before a timing is the cue's number or name, if it stands alone. Time is linear in the number of lines. */
function cuesOf(lines: readonly string[]): readonly Cue[] {
  const cues: (Cue & { lines: string[] })[] = [];
  let open: string[] | undefined;
  for (const [index, line] of lines.entries()) {
    const timing = TIMING.exec(line);
    if (timing !== null) {
      open = [];
      cues.push({ start: milliseconds(timing, 1), end: milliseconds(timing, 5), lines: open });
    } else if (line.trim() === '') open = undefined;
    else if (open !== undefined && !isNumberOfNext(line, lines[index + 1])) open.push(line.trim());
    else if (open === undefined && NO_CUE.test(line)) continue;
  }
  return cues.map((cue) => ({ ...cue, lines: cue.lines.map(shownText).filter((line) => line !== '') }));
}

/** In files that lack the empty lines between cues. */
function isNumberOfNext(line: string, next: string | undefined): boolean {
  return /^\s*\d{1,9}\s*$/.test(line) && next !== undefined && TIMING.test(next);
}

function milliseconds(timing: RegExpExecArray, from: number): number {
  const [hours, minutes, seconds] = [0, 1, 2].map((i) => Number(timing[from + i] ?? 0)) as [number, number, number];
  return ((hours * 60 + minutes) * 60 + seconds) * 1_000 + Number(timing[from + 3]?.padEnd(3, '0'));
}

/** Without the marks of style and place. Who speaks stands before what is said. */
function shownText(line: string): string {
  const named = line.replace(/<v(?:\.[^\s<>]*)?[ \t]+([^<>]*)>/g, '$1: ');
  return decodeEntities(named.replace(/<[^<>]*>|\{\\[^{}]*\}/g, ''))
    .replace(/\s+/gu, ' ')
    .trim();
}

function paragraphsOf(cues: readonly Cue[]): readonly ReadBlock[] {
  const blocks: ReadBlock[] = [];
  let [texts, words, start, end]: [string[], number, number, number] = [[], 0, 0, 0];
  const flush = () => {
    if (texts.length > 0) blocks.push(paragraph(texts.join(' '), { ...NO_PLACE, timeCode: timeCode(start) }));
    [texts, words] = [[], 0];
  };
  for (const cue of cues) {
    if (cue.start - end >= SILENCE || words >= PARAGRAPH_MAX_WORDS || isEnded(texts, words)) flush();
    if (texts.length === 0) start = cue.start;
    for (const line of cue.lines) texts.push(line);
    words += cue.lines.reduce((sum, line) => sum + wordCount(line), 0);
    end = cue.end;
  }
  flush();
  return blocks;
}

function isEnded(texts: readonly string[], words: number): boolean {
  return words >= PARAGRAPH_WORDS && /[.!?…。！？]["'”’)\]]*$/u.test(texts.at(-1) ?? '');
}

function timeCode(time: number): string {
  const seconds = Math.floor(time / 1_000);
  const parts = [Math.floor(seconds / 3_600), Math.floor(seconds / 60) % 60, seconds % 60];
  return parts.map((part) => String(part).padStart(2, '0')).join(':');
}
