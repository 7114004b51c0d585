/** Vectors of passages: as bytes, a small whole number for each of their numbers, and which of them are nearest. */
import { DOT_STEP, dotProducts, vectorsAtATime } from './dot-products.ts';
import type { Ranked } from './ranking.ts';

/** What a text means, by some model. */
export type Vector = Float32Array;

/** What of a document the vectors are of, or of a part of it. */
export type VectorBlock = Readonly<{ key: number; vectors: Uint8Array }>;

/** Before each vector: the ordinal of its passage, and by how much its numbers are to be multiplied. */
const HEAD_BYTES = 8;
const SCALE_AT = 4;
const MAX_VALUE = 127;
/** How many times as many as are wanted are gathered before the rest is cut off. */
const CUT_AT = 8;

/** Packs vectors of one dimension, which need not be of length 1. */
export function packedVectors(vectors: ReadonlyMap<number, Vector>): Uint8Array {
  const [first] = vectors.values();
  const stride = strideOf(first?.length ?? 0);
  const bytes = new Uint8Array(stride * vectors.size);
  const view = new DataView(bytes.buffer);
  let at = 0;
  for (const [ordinal, vector] of vectors) {
    const { scale, values } = quantized(vector);
    view.setUint32(at, ordinal, true);
    view.setFloat32(at + SCALE_AT, scale, true);
    bytes.set(new Uint8Array(values.buffer), at + HEAD_BYTES);
    at += stride;
  }
  return bytes;
}

function strideOf(dimension: number): number {
  return HEAD_BYTES + Math.ceil(dimension / DOT_STEP) * DOT_STEP;
}

/** As a vector of length 1. */
function quantized(vector: Vector): Readonly<{ scale: number; values: Int8Array<ArrayBuffer> }> {
  const values = new Int8Array(strideOf(vector.length) - HEAD_BYTES);
  const length = Math.sqrt(vector.reduce((sum, value) => sum + value * value, 0));
  const largest = vector.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  if (!(length > 0)) return { scale: 0, values };
  for (const [at, value] of vector.entries()) values[at] = Math.round((value * MAX_VALUE) / largest);
  return { scale: largest / length / MAX_VALUE, values };
}

/**
 * The `limit` passages whose vectors point most in the direction of the question's, the nearest first, by the cosine.
 * Every vector is compared.
 */
export function nearestPassages(question: Vector, blocks: Iterable<VectorBlock>, limit: number): readonly Ranked[] {
  const { scale, values } = quantized(question);
  const stride = strideOf(question.length);
  const size = vectorsAtATime(stride) * stride;
  const nearest = new Nearest(limit);
  for (const { key, vectors } of blocks)
    for (let at = 0; at < vectors.length; at += size) {
      const part = vectors.subarray(at, at + size);
      const view = new DataView(part.buffer, part.byteOffset, part.byteLength);
      const products = dotProducts(values, { strides: part, stride, offset: HEAD_BYTES });
      for (let place = 0; place < products.length; place++) {
        const score = products[place]! * scale * view.getFloat32(place * stride + SCALE_AT, true);
        if (score > nearest.least) nearest.add({ key, ordinal: view.getUint32(place * stride, true), score });
      }
    }
  return nearest.all();
}

/** The best of many, without the rest. */
class Nearest {
  readonly #limit: number;
  #found: Ranked[] = [];
  /** What has no more than this is not among them. */
  least = Number.NEGATIVE_INFINITY;

  constructor(limit: number) {
    this.#limit = limit;
  }

  add(one: Ranked): void {
    this.#found.push(one);
    if (this.#found.length < CUT_AT * this.#limit) return;
    this.#found = [...this.all()];
    this.least = this.#found.at(-1)!.score;
  }

  all(): readonly Ranked[] {
    const inOrder = this.#found.toSorted((a, b) => b.score - a.score || a.key - b.key || a.ordinal - b.ordinal);
    return inOrder.slice(0, this.#limit);
  }
}
