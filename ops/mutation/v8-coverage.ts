/** What V8 says that processes ran through (NODE_V8_COVERAGE), as intervals of characters. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

type Range = Readonly<{ startOffset: number; endOffset: number; count: number }>;
type Script = Readonly<{ url: string; functions: readonly Readonly<{ ranges: readonly Range[] }>[] }>;

/** Pairs of first character and end, ascending. Node strips types by blanks, so that places stay what they are. */
export type Intervals = readonly (readonly [number, number])[];

/** By file below the folder, for those in src/. */
export function readCoverage(reports: string, folder: string): ReadonlyMap<string, Intervals> {
  const prefix = `${pathToFileURL(folder).href}/`;
  const covered = new Map<string, boolean[]>();
  for (const name of readdirSync(reports)) {
    const { result }: { result: readonly Script[] } = JSON.parse(readFileSync(join(reports, name), 'utf8'));
    for (const script of result) {
      if (!script.url.startsWith(`${prefix}src/`)) continue;
      const file = decodeURI(script.url.slice(prefix.length).replace(/[?#].*$/, ''));
      const before = covered.get(file) ?? [];
      covered.set(
        file,
        painted(script).map((runs, at) => runs || before[at] === true),
      );
    }
  }
  return new Map([...covered].map(([file, characters]) => [file, intervalsOf(characters)]));
}

/** Ranges lie within each other; the innermost one says whether a character was run. */
function painted({ functions }: Script): boolean[] {
  const ranges = functions.flatMap((one) => one.ranges);
  const outerFirst = ranges.sort((a, b) => a.startOffset - b.startOffset || b.endOffset - a.endOffset);
  const characters: boolean[] = [];
  for (const { startOffset, endOffset, count } of outerFirst) {
    for (let at = startOffset; at < endOffset; at += 1) characters[at] = count > 0;
  }
  return Array.from(characters, (runs) => runs === true);
}

function intervalsOf(characters: readonly boolean[]): Intervals {
  const intervals: [number, number][] = [];
  characters.forEach((runs, at) => {
    const last = intervals.at(-1);
    if (!runs) return;
    if (last?.[1] === at) last[1] = at + 1;
    else intervals.push([at, at + 1]);
  });
  return intervals;
}

export function covers(intervals: Intervals, at: number): boolean {
  return intervals.some(([start, end]) => start <= at && at < end);
}

export function lengthOf(intervals: Intervals): number {
  return intervals.reduce((sum, [start, end]) => sum + end - start, 0);
}
