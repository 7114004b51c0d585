/** Creates ids that sort by time: the prefix of the kind, and a version 7 UUID, which begins with its timestamp. */
import { randomFillSync } from 'node:crypto';
import { v7 } from 'uuid';
import type { Ids } from '#application/shared/ids.ts';
import { ID_PREFIXES, type IdKind, type IdOf } from '#domain/shared/ids.ts';

const RANDOM_BYTES = 16;
/** Asking the system for randomness costs more than everything else about an id: it is asked for many at once. */
const IDS_PER_REQUEST = 256;

export class UuidIds implements Ids {
  readonly #random = new Uint8Array(RANDOM_BYTES * IDS_PER_REQUEST);
  #used = this.#random.length;
  /** The millisecond and the number of the last id; numbers begin at random in each millisecond, and ascend in it. */
  #msecs = 0;
  #seq = 0;

  next<Kind extends IdKind>(kind: Kind): IdOf<Kind> {
    const random = this.#nextRandom();
    const now = Date.now();
    // Half of the numbers are left, for further ids of the millisecond and for a clock that goes back.
    this.#seq = now > this.#msecs ? new DataView(random.buffer, random.byteOffset).getUint32(0) >>> 1 : this.#seq + 1;
    this.#msecs = Math.max(now, this.#msecs);
    return `${ID_PREFIXES[kind]}_${v7({ random, msecs: this.#msecs, seq: this.#seq })}` as IdOf<Kind>;
  }

  #nextRandom(): Uint8Array {
    if (this.#used === this.#random.length) {
      randomFillSync(this.#random);
      this.#used = 0;
    }
    this.#used += RANDOM_BYTES;
    return this.#random.subarray(this.#used - RANDOM_BYTES, this.#used);
  }
}
