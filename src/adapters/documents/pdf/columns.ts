/** The order in which a page is read: its columns, each from the top, between what stands across them. */
import { baselines, type Segment } from './segments.ts';

/** `begin` is where the lines of its column begin: one that begins later is indented. */
export type Line = Segment & Readonly<{ begin: number; column: number }>;

/** Where a gutter is looked for, and how exactly. */
const BINS = 400;
const [FROM, TO] = [0.2, 0.8];
/** The share of segments that may stand across columns. */
const ACROSS_MAX = 0.1;
/** Columns of text are full; cells of tables, which stand side by side and are read across, are not. */
const FILLED = 0.5;
const COLUMN_MIN = 0.22;
const SEGMENTS_MIN = 4;
/** Twice divided, a page has four columns. */
const DIVISIONS_MAX = 2;

export function linesOf(segments: readonly Segment[]): readonly Line[] {
  return regionsOf(segments, DIVISIONS_MAX).flatMap((region, column) => {
    const { from: begin } = extentOf(region);
    return baselines(region).map((line): Line => {
      const [first, last] = [line[0]!, line.at(-1)!];
      const text = line.map((segment) => segment.text).join(' ');
      return { text, x: first.x, right: last.right, y: first.y, size: first.size, begin, column };
    });
  });
}

function regionsOf(segments: readonly Segment[], divisions: number): readonly (readonly Segment[])[] {
  const gutter = divisions === 0 ? undefined : gutterOf(segments);
  if (gutter === undefined) return segments.length === 0 ? [] : [segments];
  const regions: (readonly Segment[])[] = [];
  let [left, right, across]: [Segment[], Segment[], Segment[]] = [[], [], []];
  const endBand = () => {
    regions.push(...regionsOf(left, divisions - 1), ...regionsOf(right, divisions - 1));
    [left, right] = [[], []];
  };
  const endAcross = () => {
    if (across.length > 0) regions.push(across);
    across = [];
  };
  for (const segment of segments.toSorted((a, b) => a.y - b.y)) {
    const isAcross = segment.x < gutter && segment.right > gutter;
    if (isAcross) endBand();
    else endAcross();
    (isAcross ? across : segment.right <= gutter ? left : right).push(segment);
  }
  endBand();
  endAcross();
  return regions;
}

/** Returns the middle of the widest stripe that the fewest segments cross, if there is text on both sides of it. */
function gutterOf(segments: readonly Segment[]): number | undefined {
  if (segments.length < 2 * SEGMENTS_MIN) return undefined;
  const { from, width } = extentOf(segments);
  if (!(width > 0)) return undefined;
  const gutter = from + (widestLow(coverage(segments, from, width)) / BINS) * width;
  const left = segments.filter(({ right }) => right <= gutter);
  const right = segments.filter(({ x }) => x >= gutter);
  const across = segments.length - left.length - right.length;
  return across <= ACROSS_MAX * segments.length && isColumn(left, width) && isColumn(right, width) ? gutter : undefined;
}

function extentOf(segments: readonly Segment[]): Readonly<{ from: number; width: number }> {
  let [from, to] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const { x, right } of segments) [from, to] = [Math.min(from, x), Math.max(to, right)];
  return { from, width: to - from };
}

/** How many segments stand over each of the bins. */
function coverage(segments: readonly Segment[], from: number, width: number): readonly number[] {
  const changes = new Array<number>(BINS + 2).fill(0);
  const bin = (x: number) => Math.min(BINS, Math.max(0, Math.floor(((x - from) / width) * BINS)));
  for (const { x, right } of segments) {
    changes[bin(x)]! += 1;
    changes[bin(right) + 1]! -= 1;
  }
  let sum = 0;
  return changes.map((change) => {
    sum += change;
    return sum;
  });
}

function widestLow(counts: readonly number[]): number {
  const [from, to] = [Math.floor(BINS * FROM), Math.floor(BINS * TO)];
  const least = Math.min(...counts.slice(from, to));
  let best = { start: from, length: 0 };
  let start = from;
  for (let i = from; i <= to; i++) {
    if (i < to && counts[i] === least) continue;
    if (i - start > best.length) best = { start, length: i - start };
    start = i + 1;
  }
  return best.start + best.length / 2;
}

function isColumn(segments: readonly Segment[], pageWidth: number): boolean {
  if (segments.length < SEGMENTS_MIN) return false;
  const widths = segments.map(({ x, right }) => right - x).toSorted((a, b) => a - b);
  const { width } = extentOf(segments);
  return width >= COLUMN_MIN * pageWidth && widths[Math.floor(widths.length / 2)]! >= FILLED * width;
}
