/** Lists in pages by time and id: where a page begins, in which order, and what of one row too many is the page. */
import { Op, type Order, type WhereOptions } from 'sequelize';
import type { Page } from '#application/shared/page.ts';

/** Where a list goes on, as a statement takes it: after the row with this time and id. */
type Keyset = Readonly<{ at: number; id: string }>;
type Cursor = Readonly<{ at: Date; id: string }>;

/** Before everything, in lists of the newest first. */
const NEWEST: Keyset = { at: Number.MAX_SAFE_INTEGER, id: '' };
/** Before everything, in lists of the oldest first. */
const OLDEST: Keyset = { at: -1, id: '' };

/** Where a list of the newest first goes on. */
export function olderThan(cursor: Cursor | undefined): Keyset {
  return cursor === undefined ? NEWEST : { at: cursor.at.getTime(), id: cursor.id };
}

/** Where a list of the oldest first goes on. */
export function newerThan(cursor: Cursor | undefined): Keyset {
  return cursor === undefined ? OLDEST : { at: cursor.at.getTime(), id: cursor.id };
}

/** In SQL: what comes after `:at` and `:id` in a list of the newest first. The time by itself leads an index there. */
export function isOlder(time: string, id: string): string {
  return `${time} <= :at AND (${time} < :at OR ${id} < :id)`;
}

/** In SQL: what comes after `:at` and `:id` in a list of the oldest first. */
export function isNewer(time: string, id: string): string {
  return `${time} >= :at AND (${time} > :at OR ${id} > :id)`;
}

/** For a model: the rows after a cursor in a list of the newest first. */
export function olderRows(time: string, id: string, cursor: Cursor | undefined): WhereOptions {
  const start = olderThan(cursor);
  return {
    [time]: { [Op.lte]: start.at },
    [Op.or]: [{ [time]: { [Op.lt]: start.at } }, { [id]: { [Op.lt]: start.id } }],
  };
}

/** For a model: the newest first. */
export function newestFirst(time: string, id: string): Order {
  return [
    [time, 'DESC'],
    [id, 'DESC'],
  ];
}

/** Of one item more than fits: what fits, and where to go on if there is more. */
export function pageOf<Item, Next>(
  found: readonly Item[],
  limit: number,
  cursorOf: (item: Item) => Next,
): Page<Item, Next> {
  const items = found.slice(0, limit);
  const last = items.at(-1);
  return { items, next: found.length > limit && last !== undefined ? cursorOf(last) : null };
}
