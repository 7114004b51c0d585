/** Lists in pages by time and id: where a page begins, and what of one row too many is the page. */
import type { Page } from '#application/shared/page.ts';

/** A cursor as a statement takes it. */
type Keyset = Readonly<{ at: number; id: string }>;

/** Before everything, in lists of the newest first. */
const NEWEST: Keyset = { at: Number.MAX_SAFE_INTEGER, id: '' };
/** Before everything, in lists of the oldest first. */
const OLDEST: Keyset = { at: -1, id: '' };

/** Where a list of the newest first goes on. */
export function olderThan(cursor: Readonly<{ at: Date; id: string }> | undefined): Keyset {
  return cursor === undefined ? NEWEST : { at: cursor.at.getTime(), id: cursor.id };
}

/** Where a list of the oldest first goes on. */
export function newerThan(cursor: Readonly<{ at: Date; id: string }> | undefined): Keyset {
  return cursor === undefined ? OLDEST : { at: cursor.at.getTime(), id: cursor.id };
}

/** Of one item more than fits: what fits, and where to go on if there is more. */
export function pageOf<Item, Cursor>(
  found: readonly Item[],
  limit: number,
  cursorOf: (item: Item) => Cursor,
): Page<Item, Cursor> {
  const items = found.slice(0, limit);
  const last = items.at(-1);
  return { items, next: found.length > limit && last !== undefined ? cursorOf(last) : null };
}
