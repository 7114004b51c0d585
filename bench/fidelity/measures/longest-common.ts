/** The length of the longest common subsequence, 31 comparisons at a time (Hyyrö 2004). */

const BITS = 31;
const FULL = 2 ** BITS;

/** Lengths against one sequence: `v` has a zero at each of its words that lengthens the subsequence. */
export function longestCommon(one: readonly string[]): (other: readonly string[]) => number {
  const blocks = Math.ceil(one.length / BITS);
  const places = placesOf(one, blocks);
  return (other) => {
    const v = new Float64Array(blocks).fill(FULL - 1);
    for (const word of other) {
      const matches = places.get(word);
      if (matches !== undefined) step(v, matches);
    }
    return zerosIn(v, one.length);
  };
}

/** v = (v + (v & matches)) | (v & ~matches), over all blocks with the carry. */
function step(v: Float64Array, matches: Uint32Array): void {
  let carry = 0;
  for (let block = 0; block < v.length; block += 1) {
    const before = v[block]!;
    const common = before & matches[block]!;
    const sum = before + common + carry;
    carry = sum >= FULL ? 1 : 0;
    v[block] = ((sum % FULL) | (before & ~matches[block]!)) & (FULL - 1);
  }
}

function placesOf(sequence: readonly string[], blocks: number): ReadonlyMap<string, Uint32Array> {
  const places = new Map<string, Uint32Array>();
  sequence.forEach((word, i) => {
    const matches = places.get(word) ?? new Uint32Array(blocks);
    matches[Math.floor(i / BITS)]! |= 1 << (i % BITS);
    places.set(word, matches);
  });
  return places;
}

function zerosIn(v: Float64Array, length: number): number {
  let zeros = 0;
  for (let i = 0; i < length; i += 1) if (((v[Math.floor(i / BITS)]! >>> (i % BITS)) & 1) === 0) zeros += 1;
  return zeros;
}
