/** A language model that fails several times in a row is left alone for half an hour. */
import { expect } from 'chai';
import { Breaker } from '#application/conversations/refinement/breaker.ts';
import { at } from '../../support/builders/records.ts';

describe('the breaker of refinements', () => {
  let now: Date;
  let breaker: Breaker;
  beforeEach(() => {
    now = at(0);
    breaker = new Breaker({ clock: { now: () => now } });
  });
  const fail = (times: number) => {
    for (let i = 0; i < times; i += 1) breaker.failed();
  };

  it('opens after five failures in a row, and not where one succeeds between them', () => {
    fail(4);
    breaker.succeeded();
    fail(4);
    expect(breaker.isOpen).to.equal(false);
    fail(1);
    expect(breaker.isOpen).to.equal(true);
  });

  it('lets one try after half an hour, and opens again where that fails', () => {
    fail(5);
    now = at(30 * 60 - 1);
    expect(breaker.isOpen).to.equal(true);
    now = at(30 * 60);
    expect(breaker.isOpen).to.equal(false);
    fail(1);
    expect(breaker.isOpen).to.equal(true);
    now = at(60 * 60);
    breaker.succeeded();
    fail(4);
    expect(breaker.isOpen).to.equal(false);
  });

  it('does not wait longer where the clock was set back', () => {
    fail(5);
    now = at(-1);
    expect(breaker.isOpen).to.equal(false);
  });
});
