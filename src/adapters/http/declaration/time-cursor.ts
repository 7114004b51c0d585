/** Cursors of lists that are in order of time and id. */
import { z } from 'zod';
import { decodeCursor, encodeCursor } from './input.ts';

type Keyset<Id> = Readonly<{ at: Date; id: Id }>;

/** The cursor of a list whose items have ids of this form, both ways. */
export function timeCursor<Id extends string>(id: z.ZodType<Id>) {
  const form = z.strictObject({ at: z.iso.datetime(), id });
  return {
    /** What a use case is given of `limit` and `cursor`. Throws 400 `malformed_cursor`. */
    decode(query: Readonly<{ limit: number; cursor?: string | undefined }>): { limit: number; cursor?: Keyset<Id> } {
      const from = decodeCursor(query.cursor, form);
      if (from === undefined) return { limit: query.limit };
      return { limit: query.limit, cursor: { at: new Date(from.at), id: from.id } };
    },
    encode(next: Keyset<Id> | null): string | null {
      return next && encodeCursor({ at: next.at.toISOString(), id: next.id });
    },
  };
}
