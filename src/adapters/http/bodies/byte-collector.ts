/** Collects bytes that come in pieces. */

const LEAST_CAPACITY = 4_096;

/**
 * One buffer holds them all, however small the pieces: each for itself takes a hundred bytes, and a client may send a
 * megabyte byte by byte.
 */
export class ByteCollector {
  /** The first piece itself, as long as it is the only one. */
  #bytes: Buffer = Buffer.alloc(0);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  add(piece: Buffer): void {
    const length = this.#length + piece.length;
    if (this.#length === 0) this.#bytes = piece;
    else {
      if (length > this.#bytes.length) this.#grow(2 * length);
      this.#bytes.set(piece, this.#length);
    }
    this.#length = length;
  }

  /** What was collected; then it is empty again. */
  take(): Buffer {
    const bytes = this.#bytes.subarray(0, this.#length);
    this.#bytes = Buffer.alloc(0);
    this.#length = 0;
    return bytes;
  }

  #grow(capacity: number): void {
    const larger = Buffer.allocUnsafe(Math.max(capacity, LEAST_CAPACITY));
    larger.set(this.#bytes.subarray(0, this.#length));
    this.#bytes = larger;
  }
}
