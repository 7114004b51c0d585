/** Postings: in which passages of a document a term stands, and how often, as compact bytes. */
import type { IndexedPassage } from './terms.ts';

/** A passage in which a term stands. Counts from 1, in the order of the document. */
export type Posting = { ordinal: number; heading: number; body: number; length: number };

const MORE = 0x80;
const LOW_BITS = 0x7f;
const BITS = 7;

/**
 * Returns the postings of every term of some passages of a document, which must come in order. Each begins with the
 * number of its passages, so that how common a term is can be told without reading on.
 */
export function postingsOf(passages: ReadonlyMap<number, IndexedPassage>): ReadonlyMap<string, Uint8Array> {
  const byTerm = new Map<string, number[]>();
  const last = new Map<string, number>();
  const frequencies = new Map<string, number>();
  for (const [ordinal, { length, counts }] of passages)
    for (const [term, { heading, body }] of counts) {
      const bytes = byTerm.get(term) ?? [];
      byTerm.set(term, bytes);
      for (const value of [ordinal - (last.get(term) ?? 0), heading, body, length]) pushNumber(bytes, value);
      last.set(term, ordinal);
      frequencies.set(term, (frequencies.get(term) ?? 0) + 1);
    }
  return new Map([...byTerm].map(([term, bytes]) => [term, withCount(frequencies.get(term)!, bytes)]));
}

function withCount(count: number, bytes: readonly number[]): Uint8Array {
  const head: number[] = [];
  pushNumber(head, count);
  return Uint8Array.from([...head, ...bytes]);
}

/** Seven bits to a byte, the low ones first; a set high bit says that more follow. */
function pushNumber(bytes: number[], value: number): void {
  let rest = value;
  for (; rest > LOW_BITS; rest >>>= BITS) bytes.push((rest & LOW_BITS) | MORE);
  bytes.push(rest);
}

/** Reads postings one after the other. */
export class PostingReader {
  readonly #bytes: Uint8Array;
  #at = 0;
  /** The number of passages. */
  readonly count: number;
  /** Of the posting that was read last; the same object each time. */
  readonly posting: Posting = { ordinal: 0, heading: 0, body: 0, length: 0 };

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.count = this.#number();
  }

  /** Reads on. Returns false where there is no further one. */
  next(): boolean {
    if (this.#at >= this.#bytes.length) return false;
    const { posting } = this;
    posting.ordinal += this.#number();
    posting.heading = this.#number();
    posting.body = this.#number();
    posting.length = this.#number();
    return true;
  }

  #number(): number {
    let [value, shift] = [0, 0];
    for (; ; shift += BITS) {
      const byte = this.#bytes[this.#at++] ?? 0;
      value |= (byte & LOW_BITS) << shift;
      if (byte < MORE) return value;
    }
  }
}
