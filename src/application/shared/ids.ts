/** New identifiers, as a port: sortable by time in production, counted in tests. */
import type { IdKind, IdOf } from '#domain/shared/ids.ts';

export interface Ids {
  /** A new id that no other call has returned or will return. */
  next<Kind extends IdKind>(kind: Kind): IdOf<Kind>;
}
