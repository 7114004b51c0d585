/** Lists in pages by time and id. */
import type { Page } from '#application/shared/page.ts';

type Keyset<Id> = Readonly<{ at: Date; id: Id }>;
type Range<Id> = Readonly<{ limit: number; cursor?: Keyset<Id> }>;

/** The items after the cursor, newest first. */
export function newestFirst<Item, Id extends string>(
  items: Iterable<Item>,
  keyOf: (item: Item) => Keyset<Id>,
  range: Range<Id>,
): Page<Item, Keyset<Id>> {
  return inOrder(items, keyOf, range, (a, b) => compared(b, a));
}

/** The items after the cursor, oldest first. */
export function oldestFirst<Item, Id extends string>(
  items: Iterable<Item>,
  keyOf: (item: Item) => Keyset<Id>,
  range: Range<Id>,
): Page<Item, Keyset<Id>> {
  return inOrder(items, keyOf, range, compared);
}

function inOrder<Item, Id extends string>(
  items: Iterable<Item>,
  keyOf: (item: Item) => Keyset<Id>,
  { limit, cursor }: Range<Id>,
  compare: (a: Keyset<Id>, b: Keyset<Id>) => number,
): Page<Item, Keyset<Id>> {
  const found = [...items]
    .filter((item) => cursor === undefined || compare(cursor, keyOf(item)) < 0)
    .sort((a, b) => compare(keyOf(a), keyOf(b)));
  const page = found.slice(0, limit);
  const last = page.at(-1);
  return { items: page, next: found.length > limit && last !== undefined ? keyOf(last) : null };
}

function compared(a: Keyset<string>, b: Keyset<string>): number {
  const byTime = a.at.getTime() - b.at.getTime();
  if (byTime !== 0) return byTime;
  return a.id === b.id ? 0 : a.id < b.id ? -1 : 1;
}
