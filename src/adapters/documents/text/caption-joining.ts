/** Joins what live captions repeat: each cue shows the last lines again, or the same line with more words. */

/** Times are milliseconds from the beginning. */
export type Cue = Readonly<{ start: number; end: number; lines: readonly string[] }>;

/** Cues that follow so soon (milliseconds) show one text that moves. */
const GAP = 200;
/** More lines are never on a screen together. */
const LINES_MAX = 6;
/** A file is one of live captions if one of so many cues repeats the one before it. */
const LIVE_SHARE = 4;

/** In a file that is none of live captions only a cue that is shown twice is joined: people do repeat themselves. */
export function joinedCues(cues: readonly Cue[]): readonly Cue[] {
  const repeating = cues.filter((cue, index) => index > 0 && repeats(cues[index - 1]!, cue)).length;
  const isLive = repeating * LIVE_SHARE >= cues.length;
  return (isLive ? withoutRepetitions(cues) : withoutTwins(cues)).filter(({ lines }) => lines.length > 0);
}

function repeats(before: Cue, cue: Cue): boolean {
  if (cue.start - before.end > GAP) return false;
  return overlap(before.lines, cue.lines) > 0 || grows(before.lines.at(-1), cue.lines[0]);
}

/** How many of the first lines of a cue are the last ones of the cue before it. */
function overlap(before: readonly string[], lines: readonly string[]): number {
  for (let count = Math.min(before.length, lines.length, LINES_MAX); count > 0; count--) {
    if (lines.slice(0, count).every((line, index) => line === before[before.length - count + index])) return count;
  }
  return 0;
}

function grows(before: string | undefined, line: string | undefined): boolean {
  return before !== undefined && line !== undefined && line.length > before.length && line.startsWith(before);
}

function withoutRepetitions(cues: readonly Cue[]): readonly Cue[] {
  return cues.map((cue, index) => {
    const before = cues[index - 1];
    if (before === undefined || cue.start - before.end > GAP) return cue;
    const lines = cue.lines.slice(overlap(before.lines, cue.lines));
    const [last, first] = [before.lines.at(-1), lines[0]];
    if (lines.length < cue.lines.length || last === undefined || first === undefined || !grows(last, first))
      return { ...cue, lines };
    return { ...cue, lines: [first.slice(last.length).trim(), ...lines.slice(1)].filter((line) => line !== '') };
  });
}

function withoutTwins(cues: readonly Cue[]): readonly Cue[] {
  return cues.filter((cue, index) => {
    const before = cues[index - 1];
    if (before === undefined || cue.start - before.end > GAP) return true;
    return cue.lines.join('\n') !== before.lines.join('\n');
  });
}
