/** Finds running heads and feet: what stands at the edge of page after page, but for its numbers. */
import { baselines, type Segment } from './segments.ts';

/** A page by its height (points) and what stands on it. */
export type PageSegments = Readonly<{ height: number; segments: readonly Segment[] }>;

/** Shares of the height, from the upper edge, beyond which heads and feet stand, on one or two lines. */
const [HEAD, FOOT] = [0.1, 0.9];
const EDGE_LINES = 2;
/** So often it must occur, with at most one page between: left and right pages have heads of their own. */
const PAGES_MIN = 3;
const DISTANCE_MAX = 2;
/** Points within which it stands at one height. */
const HEIGHT_STEP = 6;

/** Returns the pages without them. */
export function withoutRunningHeads<T extends PageSegments>(pages: readonly T[]): readonly T[] {
  const running = runningKeys(pages);
  return pages.map((page) => {
    const edge = new Set(edgeOf(page));
    const segments = page.segments.filter((segment) => !edge.has(segment) || !running.has(keyOf(segment)));
    return { ...page, segments };
  });
}

function runningKeys(pages: readonly PageSegments[]): ReadonlySet<string> {
  const [running, seen] = [new Set<string>(), new Map<string, { page: number; count: number }>()];
  for (const [index, page] of pages.entries()) {
    for (const key of new Set(edgeOf(page).map(keyOf))) {
      const before = seen.get(key);
      const count = before !== undefined && index - before.page <= DISTANCE_MAX ? before.count + 1 : 1;
      seen.set(key, { page: index, count });
      if (count >= PAGES_MIN) running.add(key);
    }
  }
  return running;
}

function edgeOf({ height, segments }: PageSegments): readonly Segment[] {
  const lines = baselines(segments);
  const upper = lines
    .slice(0, EDGE_LINES)
    .flat()
    .filter(({ y }) => y < HEAD * height);
  const lower = lines
    .slice(-EDGE_LINES)
    .flat()
    .filter(({ y }) => y > FOOT * height);
  return [...upper, ...lower];
}

/** Numbers, also Roman ones that stand alone, are those of pages. */
function keyOf({ text, y }: Segment): string {
  const shape = /^[ivxlc]+$/i.test(text) ? '#' : text.replace(/\d+/g, '#').toLowerCase();
  return `${Math.round(y / HEIGHT_STEP)} ${shape}`;
}
