/** How long a language model may be silent, and how long it may take as a whole. */
import { expect } from 'chai';
import { type SinonFakeTimers, useFakeTimers } from 'sinon';
import { Deadline } from '#adapters/language-model/deadline.ts';

describe('the deadline of a language model', () => {
  let timers: SinonFakeTimers;
  beforeEach(() => {
    timers = useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  });
  afterEach(() => timers.restore());

  it('passes after a silence, which begins anew with whatever is heard', () => {
    const deadline = new Deadline(new AbortController().signal, 100);
    timers.tick(99);
    deadline.heard();
    timers.tick(99);
    expect([deadline.passed, deadline.signal.aborted]).to.deep.equal([false, false]);
    timers.tick(1);
    expect([deadline.passed, deadline.signal.aborted]).to.deep.equal([true, true]);
  });

  it('passes after ten times as long, whatever is heard', () => {
    const deadline = new Deadline(new AbortController().signal, 100);
    for (let ms = 0; ms < 950; ms += 50) {
      timers.tick(50);
      deadline.heard();
    }
    timers.tick(49);
    expect(deadline.passed).to.equal(false);
    timers.tick(1);
    expect(deadline.passed).to.equal(true);
  });

  it('does not pass where nobody waits any more, or once it has ended', () => {
    const leaving = new AbortController();
    const deadline = new Deadline(leaving.signal, 100);
    leaving.abort();
    expect([deadline.passed, deadline.signal.aborted]).to.deep.equal([false, true]);
    deadline.end();
    expect(timers.countTimers()).to.equal(0);
  });
});
