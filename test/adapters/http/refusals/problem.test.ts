/** What a refusal becomes on the wire. */
import { expect } from 'chai';
import { httpErrors } from '#adapters/http/declaration/http-errors.ts';
import { problemFor, problemHeaders } from '#adapters/http/refusals/problem.ts';
import { refusal } from '#domain/shared/domain-error.ts';

const limited = refusal('limited', 'too_often', 'You ask too often.');
const unavailable = refusal('unavailable', 'away', 'The store is away.');
const forbidden = refusal('forbidden', 'not_yours', 'This is not yours.');

describe('A problem', () => {
  it('asks to come back after the seconds that its refusal names, after one at least, or where it names none', () => {
    for (const [error, seconds] of [
      [limited({ retryAfterSeconds: 30 }), '30'],
      [limited({ retryAfterSeconds: 1 }), '1'],
      [limited({ retryAfterSeconds: 0 }), '1'],
      [limited(), '1'],
      [unavailable({ retryAfterSeconds: 2 }), '2'],
      [unavailable(), '1'],
    ] as const)
      expect(problemHeaders(problemFor(error, 'r'))).to.deep.equal({ 'Retry-After': seconds });
  });

  it('asks nobody to come back who would be refused again', () => {
    for (const error of [forbidden({ retryAfterSeconds: 30 }), httpErrors.malformedJson(), new Error('inside')])
      expect(problemHeaders(problemFor(error, 'r'))).to.deep.equal({});
  });

  it('has the details of its refusal under the names of the API, at every depth, and values as they are', () => {
    const at = new Date(0);
    const details = { maxPins: 3, pinnedMessages: [{ fromSeq: 1, at }], plain: null };
    expect(problemFor(limited(details), 'r-1')).to.deep.equal({
      type: '/docs#error-too_often',
      title: 'Too many requests',
      status: 429,
      detail: 'You ask too often.',
      code: 'too_often',
      max_pins: 3,
      pinned_messages: [{ from_seq: 1, at }],
      plain: null,
      request_id: 'r-1',
    });
  });
});
