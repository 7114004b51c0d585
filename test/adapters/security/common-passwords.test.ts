/** The packaged list of common passwords. */
import { expect } from 'chai';
import { PackagedCommonPasswords } from '#adapters/security/common-passwords.ts';

describe('common passwords', () => {
  const passwords = new PackagedCommonPasswords();

  it('include passwords that are often tried, case-insensitively', async () => {
    for (const password of ['password', '12345678', 'iloveyou', 'Password1', 'QWERTYUIOP', 'trustno1', 'letmein1']) {
      expect(await passwords.include(password), password).to.equal(true);
    }
  });

  it('do not include uncommon passwords or names of built-in object properties', async () => {
    for (const password of ['sturdy-oak-table', 'correct-horse-9', '', 'constructor', '__proto__']) {
      expect(await passwords.include(password), password).to.equal(false);
    }
  });
});
