/** Identifiers that sort by the time they were made: a prefix that names the kind, and a UUID of version 7. */
import { v7 } from 'uuid';
import type { Ids } from '#application/shared/ids.ts';
import { ID_PREFIXES, type IdKind, type IdOf } from '#domain/shared/ids.ts';

export class UuidIds implements Ids {
  next<Kind extends IdKind>(kind: Kind): IdOf<Kind> {
    return `${ID_PREFIXES[kind]}_${v7()}` as IdOf<Kind>;
  }
}
