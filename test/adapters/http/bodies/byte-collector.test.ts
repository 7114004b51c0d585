/** Bytes that come in pieces are collected in one buffer. */
import { expect } from 'chai';
import fc from 'fast-check';
import { ByteCollector } from '#adapters/http/bodies/byte-collector.ts';

function collected(collector: ByteCollector, pieces: readonly Uint8Array[]): Buffer {
  for (const piece of pieces) collector.add(Buffer.from(piece));
  return collector.take();
}

describe('ByteCollector', () => {
  it('gives what was added, in its order, and is empty again', () => {
    const pieces = fc.array(fc.uint8Array({ maxLength: 9_000 }), { maxLength: 20 });
    const collector = new ByteCollector();
    fc.assert(
      fc.property(pieces, (added) => {
        expect(collected(collector, added).equals(Buffer.concat(added))).to.equal(true);
        expect(collector.length).to.equal(0);
        expect(collector.take().length).to.equal(0);
      }),
    );
  });

  it('gives what it holds no longer: what is added next changes none of it', () => {
    const collector = new ByteCollector();
    const [one, two] = [Buffer.from('one'), Buffer.from('two')];
    const first = collected(collector, [one, two]);
    collected(collector, [two, one, two]);
    expect(first.toString()).to.equal('onetwo');
  });

  it('holds no piece but the first, and writes into none', () => {
    const collector = new ByteCollector();
    const whole = Buffer.from('abcdef');
    const [first, second] = [whole.subarray(0, 3), Buffer.from('xyz')];
    collector.add(first);
    collector.add(second);
    second.fill('-');
    expect(collector.take().toString()).to.equal('abcxyz');
    expect(whole.toString()).to.equal('abcdef');
  });
});
