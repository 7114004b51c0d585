/** What a refusal carries: for the caller, and for the log alone. */
import { expect } from 'chai';
import { DomainError, refusal } from '#domain/shared/domain-error.ts';

describe('a domain error', () => {
  it('has its kind, code, message and details, and a cause where there is one', () => {
    const cause = new Error('disk full');
    const error = new DomainError('unavailable', 'store_unavailable', 'Try again.', { max: 3 }, cause);
    expect(error).to.deep.include({ name: 'DomainError', kind: 'unavailable', code: 'store_unavailable' });
    expect(error).to.deep.include({ message: 'Try again.', details: { max: 3 }, cause });
    const plain = new DomainError('invalid', 'invalid_input', 'Bad.');
    expect(plain.details).to.deep.equal({});
    expect(Object.hasOwn(plain, 'cause')).to.equal(false);
  });

  it('says the declared meaning, unless the thrower is more specific', () => {
    const full = refusal('conflict', 'tokens_full', 'You have enough tokens.');
    expect(full).to.include({ kind: 'conflict', code: 'tokens_full', meaning: 'You have enough tokens.' });
    expect(full({ max: 50 })).to.deep.include({ message: 'You have enough tokens.', details: { max: 50 } });
    expect(full({ max: 50 }, 'Revoke one first.')).to.deep.include({ message: 'Revoke one first.' });
  });
});
