/** Reads vectors of passages, and keeps them: each question looks at all that there are for its reader. */
import type { VectorBlock } from '#domain/retrieval/finding/vectors.ts';
import type { Queries } from '../shared/queries.ts';
import { VECTOR_ROWS, VECTORS } from './finding-statements.ts';

/** Rows that are read at a time. */
const ROWS = 256;
/** What was not looked at for longest goes first. */
const MAX_BYTES = 512 * 1024 * 1024;
/**
 * So long a question reads what is not kept yet; the next one goes on. Passages whose vectors were not read are found
 * by their words.
 */
const READING_MS = 500;

export class VectorCache {
  readonly #queries: Queries;
  readonly #maxBytes: number;
  /** By the number of its row, which is never given to another; the one that was looked at last is the last. */
  readonly #kept = new Map<number, Uint8Array>();
  #bytes = 0;

  constructor({ queries, maxBytes = MAX_BYTES }: Readonly<{ queries: Queries; maxBytes?: number }>) {
    this.#queries = queries;
    this.#maxBytes = maxBytes;
  }

  async blocks(
    keys: readonly number[],
    { model, dimension }: Readonly<{ model: string; dimension: number }>,
  ): Promise<readonly VectorBlock[]> {
    const rows = await this.#queries.all(VECTOR_ROWS, { indexes: JSON.stringify(keys), model, dimension });
    const read = await this.#read(rows.map(({ number }) => number).filter((number) => !this.#kept.has(number)));
    const blocks = rows.flatMap(({ number, key }) => {
      const vectors = this.#used(number) ?? read.get(number);
      return vectors === undefined ? [] : [{ key, vectors }];
    });
    this.#dropOldest();
    return blocks;
  }

  /** What is read of these rows in time, and is kept from now on. */
  async #read(numbers: readonly number[]): Promise<ReadonlyMap<number, Uint8Array>> {
    const read = new Map<number, Uint8Array>();
    const endMs = performance.now() + READING_MS;
    for (let at = 0; at < numbers.length && performance.now() < endMs; at += ROWS) {
      const some = JSON.stringify(numbers.slice(at, at + ROWS));
      for (const { number, vectors } of await this.#queries.all(VECTORS, { rows: some })) {
        if (!this.#kept.has(number)) this.#bytes += vectors.length;
        this.#kept.set(number, vectors);
        read.set(number, vectors);
      }
    }
    return read;
  }

  #used(number: number): Uint8Array | undefined {
    const vectors = this.#kept.get(number);
    if (vectors === undefined) return undefined;
    this.#kept.delete(number);
    this.#kept.set(number, vectors);
    return vectors;
  }

  #dropOldest(): void {
    for (const [number, { length }] of this.#kept) {
      if (this.#bytes <= this.#maxBytes) return;
      this.#kept.delete(number);
      this.#bytes -= length;
    }
  }
}
