/** API tokens as text: their form, their checksum, and what is never looked up. */
import { hash } from 'node:crypto';
import { expect } from 'chai';
import { RandomApiTokenSecrets } from '#adapters/security/api-token-secrets.ts';
import type { ApiTokenId } from '#domain/shared/ids.ts';

const id = 'tok_0199c4a2-7b1c-7def-8a00-0123456789ab' as ApiTokenId;

describe('API tokens as text', () => {
  const secrets = new RandomApiTokenSecrets();

  it('begin with tk_ and the public id, and are identified by their SHA-256 digest', () => {
    const { token, prefix, digest } = secrets.issue(id);
    expect(prefix).to.equal('tk_0199c4a27b1c7def8a000123456789ab');
    expect(token).to.match(new RegExp(`^${prefix}_[0-9A-Za-z]{49}$`));
    expect(digest).to.equal(hash('sha256', token));
    expect(secrets.digest(token)).to.equal(digest);
  });

  it('are different each time they are issued', () => {
    const issued = Array.from({ length: 100 }, () => secrets.issue(id).token);
    expect(new Set(issued).size).to.equal(100);
  });

  it('are rejected if any one character is mistyped or missing, or two neighbours are swapped', () => {
    const { token } = secrets.issue(id);
    for (let at = 0; at < token.length; at++) {
      const other = token[at] === 'x' ? 'y' : 'x';
      expect(secrets.digest(token.slice(0, at) + other + token.slice(at + 1)), `at ${at}`).to.equal(null);
      expect(secrets.digest(token.slice(0, at) + token.slice(at + 1)), `without ${at}`).to.equal(null);
      const [here = '', next = here] = token.slice(at, at + 2);
      if (here === next) continue;
      expect(secrets.digest(token.slice(0, at) + next + here + token.slice(at + 2)), `swapped ${at}`).to.equal(null);
    }
  });

  it('are rejected in any other form, such as empty, padded or upper-case text', () => {
    const { token } = secrets.issue(id);
    for (const text of ['', 'tk_', ` ${token}`, `${token} `, `${token}\n`, token.toUpperCase(), 'x'.repeat(100_000)]) {
      expect(secrets.digest(text)).to.equal(null);
    }
  });
});
