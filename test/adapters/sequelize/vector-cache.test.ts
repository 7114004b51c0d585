/** What is kept of vectors: each is read once, what is too much goes, and numbers are given once. */
import { expect } from 'chai';
import { VECTORS } from '#adapters/sequelize/library/finding-statements.ts';
import { VectorCache } from '#adapters/sequelize/library/vector-cache.ts';
import type { Queries } from '#adapters/sequelize/shared/queries.ts';

const SPACE = { model: 'words', dimension: 2 };
const BYTES = 24;

/** Rows 1 to `count` of one index, of so many bytes each; what was read of them. */
function stored(count: number) {
  const read: number[] = [];
  const queries = {
    one: async () => undefined,
    all: async ({ name }: { name: string }, values: Readonly<Record<string, string>>) => {
      if (name !== VECTORS.name) return Array.from({ length: count }, (_, at) => ({ number: at + 1, key: 1 }));
      const numbers: number[] = JSON.parse(values.rows as string);
      read.push(...numbers);
      return numbers.map((number) => ({ number, vectors: new Uint8Array(BYTES).fill(number) }));
    },
  } as unknown as Queries;
  return { read, queries };
}

describe('VectorCache', () => {
  it('reads what it has not, once', async () => {
    const { read, queries } = stored(600);
    const cache = new VectorCache({ queries });
    const first = await cache.blocks([1], SPACE);
    expect(first.map(({ vectors }) => vectors[0])).to.deep.equal(
      Array.from({ length: 600 }, (_, at) => (at + 1) % 256),
    );
    expect(await cache.blocks([1], SPACE)).to.deep.equal(first);
    expect(read).to.have.lengthOf(600);
  });

  it('keeps no more than it may, and answers with all that it has read even so', async () => {
    const { read, queries } = stored(10);
    const cache = new VectorCache({ queries, maxBytes: 4 * BYTES });
    expect(await cache.blocks([1], SPACE)).to.have.lengthOf(10);
    expect(await cache.blocks([1], SPACE)).to.have.lengthOf(10);
    expect(read).to.have.lengthOf(16);
  });
});
