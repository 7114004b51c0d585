/** JSON from outside: where it is too deep, to the level, and what no cursor holds. */
import { expect } from 'chai';
import { z } from 'zod';
import { parseJson } from '#adapters/http/bodies/json.ts';
import type { HttpError } from '#adapters/http/declaration/http-errors.ts';
import { decodeCursor, encodeCursor } from '#adapters/http/declaration/input.ts';

/** What it is refused with; null where it is taken. */
function codeOf(text: string): string | null {
  try {
    parseJson(text);
    return null;
  } catch (error) {
    return (error as HttpError).code;
  }
}

const nested = (levels: number) => '['.repeat(levels) + ']'.repeat(levels);

describe('the depth of JSON', () => {
  it('is at most 32 levels', () => {
    expect(codeOf(nested(32))).to.equal(null);
    expect(codeOf(nested(33))).to.equal('too_deep');
    expect(codeOf(`{"a":${nested(31)}}`)).to.equal(null);
    expect(codeOf(`{"a":${nested(32)}}`)).to.equal('too_deep');
  });

  it('is not of what stands in strings, wherever they end', () => {
    for (const string of [String.raw`"\\"`, String.raw`"\\\""`, String.raw`"\"\\\\"`]) {
      expect(codeOf(`{"a":${string},"b":${nested(32)}}`), string).to.equal('too_deep');
      expect(codeOf(`{"a":${string},"b":${nested(31)}}`), string).to.equal(null);
    }
    const brackets = '['.repeat(40);
    for (const string of [`"\\\\${brackets}"`, `"\\"${brackets}"`, `"\\\\\\"${brackets}\\\\"`])
      expect(codeOf(`[${string}]`), string).to.equal(null);
  });
});

const ANY = z.union([z.string(), z.record(z.string(), z.number())]);

describe('a cursor', () => {
  it('is what it was made of, and holds no text that no database would have given', () => {
    expect(decodeCursor(encodeCursor({ name: 'é' }), z.strictObject({ name: z.string() }))).to.deep.equal({
      name: 'é',
    });
    for (const text of ['a\0', '\ud800', { 'a\0': 1 }])
      expect(() => decodeCursor(encodeCursor(text), ANY), JSON.stringify(text)).to.throw('cursor');
    expect(() => decodeCursor('bm8ganNvbg', z.string())).to.throw('cursor');
  });
});
