/** A page of a list, and where the next one starts. */

export type Page<Item, Cursor> = Readonly<{
  items: readonly Item[];
  /** Hand it back to read on; null at the end. */
  next: Cursor | null;
}>;

/** Which page: of at most `limit` items, after the cursor or from the beginning. */
export type PageRequest<Cursor> = Readonly<{ limit: number; cursor?: Cursor }>;

/** A page of a short list that was read as a whole, in order. `isAfter` says what comes after a cursor. */
export function pageOfAll<Item, Cursor>(
  all: readonly Item[],
  { limit, cursor }: PageRequest<Cursor>,
  cursorOf: (item: Item) => Cursor,
  isAfter: (item: Cursor, cursor: Cursor) => boolean,
): Page<Item, Cursor> {
  const left = cursor === undefined ? all : all.filter((item) => isAfter(cursorOf(item), cursor));
  const items = left.slice(0, limit);
  const last = items.at(-1);
  return { items, next: left.length > limit && last !== undefined ? cursorOf(last) : null };
}
