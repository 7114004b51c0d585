/** Whatever may be cached comes back from text as it was. */
import { expect } from 'chai';
import fc from 'fast-check';
import { type CacheValue, decodeValue, encodeValue } from '#application/shared/cache-text.ts';

const text = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({ unit: fc.constantFrom('@', '2', 'T', ':') }),
  fc.date({ noInvalidDate: true }).map((date) => `@${date.toISOString()}`),
);
const { value } = fc.letrec<{ value: CacheValue }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    fc.constant(null),
    fc.boolean(),
    fc.double({ noNaN: true, noDefaultInfinity: true }).map((number) => number + 0),
    text,
    fc.date({ noInvalidDate: true }),
    fc.array(tie('value')),
    fc.dictionary(text, tie('value'), { noNullPrototype: true }),
  ),
}));

describe('the text of what is cached', () => {
  it('gives back any value, a date as a date, and a text that looks like one as a text', () => {
    fc.assert(
      fc.property(value, (one) => void expect(decodeValue(encodeValue(one))).to.deep.equal(one)),
      { numRuns: 1_000 },
    );
  });

  it('does not compile for what would come back as something else', () => {
    // @ts-expect-error A set comes back as an object.
    const set: CacheValue = new Set(['a']);
    // @ts-expect-error Nothing comes back as nothing at all.
    const nothing: CacheValue = { absent: undefined };
    // @ts-expect-error What it can do does not come back.
    const able: CacheValue = { can: () => true };
    expect([set, nothing, able].map((one) => decodeValue(encodeValue(one)))).to.deep.equal([{}, {}, {}]);
  });
});
