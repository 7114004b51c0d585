/** Creates ids that sort by time: the prefix of the kind, and a version 7 UUID, which begins with its timestamp. */
import { v7 } from 'uuid';
import type { Ids } from '#application/shared/ids.ts';
import { ID_PREFIXES, type IdKind, type IdOf } from '#domain/shared/ids.ts';

export class UuidIds implements Ids {
  next<Kind extends IdKind>(kind: Kind): IdOf<Kind> {
    return `${ID_PREFIXES[kind]}_${v7()}` as IdOf<Kind>;
  }
}
