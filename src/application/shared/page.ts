/** A page of a list, and where the next one starts. */

export type Page<Item, Cursor> = Readonly<{
  items: readonly Item[];
  /** Hand it back to read on; null at the end. */
  next: Cursor | null;
}>;
