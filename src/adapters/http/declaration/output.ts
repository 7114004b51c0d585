/** Building blocks of what answers hold. */
import { z } from 'zod';

/** ISO 8601 in UTC, with milliseconds. */
export const time = z.iso.datetime();

/** A page of a list. */
export function pageOf<Item extends z.ZodType>(item: Item) {
  return z.strictObject({ items: z.array(item), next_cursor: z.string().nullable() });
}
