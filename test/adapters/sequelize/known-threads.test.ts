/** What a process knows of threads on PostgreSQL is never older than what it was told, in whatever order it is told. */
import { expect } from 'chai';
import type { ThreadRow } from '#adapters/sequelize/conversations/threads.ts';
import { KnownThreads } from '#adapters/sequelize/postgres/known-threads.ts';

const row = (version: number, last_seq: number, id = 'thr_1') => ({ id, version, last_seq }) as ThreadRow;

describe('threads that are known on PostgreSQL', () => {
  let tenure: object | undefined;
  let known: KnownThreads;

  beforeEach(() => {
    tenure = {};
    known = new KnownThreads(() => tenure);
  });

  it('are as they were read or written last', () => {
    known.put(row(1, 4), known.mark());
    known.put(row(1, 5), known.mark());
    expect(known.find('thr_1')).to.deep.equal(row(1, 5));
    expect(known.find('thr_2')).to.equal(undefined);
    known.forget('thr_1');
    expect(known.find('thr_1')).to.equal(undefined);
  });

  it('do not go back to what an earlier statement answers later', () => {
    const earlier = known.mark();
    known.put(row(1, 5), known.mark());
    known.put(row(1, 4), earlier);
    expect(known.find('thr_1')).to.deep.equal(row(1, 5));
    known.put(row(2, 5), known.mark());
    known.put(row(1, 6), earlier);
    expect(known.find('thr_1')).to.deep.equal(row(2, 5));
  });

  for (const [what, change] of [
    ['a unit of work has ended', () => known.clear()],
    ['it was found to have changed', () => known.forget('thr_1')],
  ] as const) {
    it(`are not what a statement answers that began before ${what}`, () => {
      const before = known.mark();
      change();
      known.put(row(1, 4), before);
      expect(known.find('thr_1')).to.equal(undefined);
      known.put(row(2, 4), known.mark());
      expect(known.find('thr_1')).to.deep.equal(row(2, 4));
    });
  }

  it('are forgotten where what was written may stand beside what is known', () => {
    known.put(row(1, 4), known.mark());
    const [reading, writing] = [known.mark(), known.mark()];
    known.forget('thr_2');
    known.put(row(1, 5), writing);
    expect(known.find('thr_1')).to.equal(undefined);
    known.put(row(1, 4), reading);
    expect(known.find('thr_1')).to.equal(undefined);
  });

  it('are none while somebody else may write, nor after it', () => {
    known.put(row(1, 4), known.mark());
    const before = known.mark();
    tenure = undefined;
    expect(known.find('thr_1')).to.equal(undefined);
    known.put(row(1, 5), known.mark());
    tenure = {};
    expect(known.find('thr_1')).to.equal(undefined);
    known.put(row(1, 5), before);
    expect(known.find('thr_1')).to.equal(undefined);
    known.put(row(1, 6), known.mark());
    expect(known.find('thr_1')).to.deep.equal(row(1, 6));
  });
});
