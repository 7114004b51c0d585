/** Lists in pages by time and id. */
import type { Page } from '#application/shared/page.ts';

type Place<Id> = Readonly<{ at: Date; id: Id }>;

/** The items after the cursor, newest first. */
export function newestFirst<Item, Id extends string>(
  items: Iterable<Item>,
  placeOf: (item: Item) => Place<Id>,
  page: Readonly<{ limit: number; cursor?: Place<Id> }>,
): Page<Item, Place<Id>> {
  return inOrder(items, placeOf, page, (a, b) => compared(b, a));
}

/** The items after the cursor, oldest first. */
export function oldestFirst<Item, Id extends string>(
  items: Iterable<Item>,
  placeOf: (item: Item) => Place<Id>,
  page: Readonly<{ limit: number; cursor?: Place<Id> }>,
): Page<Item, Place<Id>> {
  return inOrder(items, placeOf, page, compared);
}

function inOrder<Item, Id extends string>(
  items: Iterable<Item>,
  placeOf: (item: Item) => Place<Id>,
  { limit, cursor }: Readonly<{ limit: number; cursor?: Place<Id> }>,
  compare: (a: Place<Id>, b: Place<Id>) => number,
): Page<Item, Place<Id>> {
  const found = [...items]
    .filter((item) => cursor === undefined || compare(cursor, placeOf(item)) < 0)
    .sort((a, b) => compare(placeOf(a), placeOf(b)));
  const page = found.slice(0, limit);
  const last = page.at(-1);
  return { items: page, next: found.length > limit && last !== undefined ? placeOf(last) : null };
}

function compared(a: Place<string>, b: Place<string>): number {
  const byTime = a.at.getTime() - b.at.getTime();
  if (byTime !== 0) return byTime;
  return a.id === b.id ? 0 : a.id < b.id ? -1 : 1;
}
