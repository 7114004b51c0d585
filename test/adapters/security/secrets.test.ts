/** Secrets cannot be guessed, and their digests are SHA-256. */
import { expect } from 'chai';
import { RandomSecrets } from '#adapters/security/secrets.ts';

describe('secrets', () => {
  const secrets = new RandomSecrets();

  it('are 256 random bits as URL-safe text, each different', () => {
    const many = Array.from({ length: 1_000 }, () => secrets.next());
    expect(new Set(many).size).to.equal(1_000);
    for (const secret of many) expect(secret).to.match(/^[\w-]{43}$/u);
  });

  it('have a SHA-256 digest in hexadecimal', () => {
    expect(secrets.digest('abc')).to.equal('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
  });
});
