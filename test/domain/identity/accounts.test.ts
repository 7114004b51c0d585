/** What an account may be called, and which passwords it takes. */
import { expect } from 'chai';
import { identityErrors } from '#domain/identity/errors.ts';
import { checkDisplayName, checkUsername, displayNameFrom } from '#domain/identity/names.ts';
import { checkPassword } from '#domain/identity/password-policy.ts';
import { normalizeEmail, usernameKey } from '#domain/identity/user.ts';
import { DomainError } from '#domain/shared/domain-error.ts';
import { codesByKind, thrownBy } from '../../support/reporting/refusals.ts';

const withCode = (code: string) => (error: unknown) => error instanceof DomainError && error.code === code;

describe('an account', () => {
  it('cannot have a username that looks like an e-mail address', () => {
    expect(() => checkUsername('Vex')).not.to.throw();
    expect(() => checkUsername('vex@example.org'))
      .to.throw()
      .that.satisfies(withCode('username_invalid'));
  });

  const accepts = (check: (name: string) => void, name: string) => {
    try {
      check(name);
      return true;
    } catch (error) {
      if (withCode('username_invalid')(error) || withCode('display_name_invalid')(error)) return false;
      throw error;
    }
  };

  it('can have a username in any one script, or as Japanese, Chinese and Korean are written', () => {
    const names = [
      'keeper',
      'Zoë_9',
      'dice-🎲',
      'ключник',
      'φύλακας',
      'שומר',
      'حارس',
      'रक्षक',
      '鍵番さくらサクラー',
      '守門ㄅㄆ',
    ];
    for (const name of [...names, '열쇠守門', 'e\u0301clair', 'ｋｅｅｐｅｒ', '१२३', '42'])
      expect(accepts(checkUsername, name), name).to.equal(true);
  });

  it('cannot have a username with invisible characters, letters of several scripts, or a disguised "@" or space', () => {
    const faults: Readonly<Record<string, string>> = {
      'zero-width space': 'keeper\u200b',
      'zero-width joiner': 'kee\u200dper',
      'soft hyphen': 'kee\u00adper',
      'bidirectional override': 'kee\u202eper',
      'bidirectional isolate': '\u2066keeper',
      'byte order mark': '\ufeffkeeper',
      'variation selector': 'keeper\ufe0f',
      'Hangul filler': 'keeper\u3164',
      'grapheme joiner': 'kee\u034fper',
      'private use': 'keeper\ue000',
      control: 'kee\u0007per',
      'Cyrillic а in Latin': 'kеeper',
      'Greek ο in Latin': 'bοb',
      'full-width "@"': 'vex＠example.org',
      'a character that decomposes into a space': 'vex\u00a8',
      'a no-break space': 'vex\u00a0ex',
    };
    for (const [fault, name] of Object.entries(faults)) expect(accepts(checkUsername, name), fault).to.equal(false);
  });

  it('can have a display name with spaces and joiners where a script or an emoji has them, and no other invisible ones', () => {
    for (const name of ['Vex of Кровь', 'می\u200cخواهم', 'क्\u200dष', '👩\u200d🚀', '❤\ufe0f', 'O’Neil, M. D.'])
      expect(accepts(checkDisplayName, name), name).to.equal(true);
    const invisible = [
      'Ve\u200dx',
      'Vex\u200b',
      'Ve\u00adx',
      '\u202eVex',
      'Vex\n',
      'Vex\u2028',
      '\u200d',
      ' ',
      '\u3164',
      '\u0301',
    ];
    for (const name of invisible) expect(accepts(checkDisplayName, name), JSON.stringify(name)).to.equal(false);
  });

  it('keeps a hundred characters of a name that a provider gives, and nothing of what cannot be seen', () => {
    expect(displayNameFrom('🐉'.repeat(101))).to.equal('🐉'.repeat(100));
    expect(displayNameFrom(`${'x'.repeat(99)} y`)).to.equal('x'.repeat(99));
    expect(displayNameFrom(' Vex \n\u200b of\tWhitestone ')).to.equal('Vex of Whitestone');
    expect(displayNameFrom('می\u200cخواهم')).to.equal('می\u200cخواهم');
    for (const nothing of ['', ' ', '\u200b\u2028', '\u3164']) expect(displayNameFrom(nothing)).to.equal(null);
  });

  it('is found by e-mail and username whatever the case, and the width, of their letters', () => {
    expect(normalizeEmail(' ＶＥＸ@Example.org ')).to.equal('vex@example.org');
    expect(usernameKey('Ｖｅｘ')).to.equal('vex');
  });

  it('has a password of at least eight characters, each counted once however it is encoded', () => {
    const check = (password: string) => () => checkPassword(password, 'vex@example.org', false);
    expect(check('🐉'.repeat(7)))
      .to.throw()
      .that.satisfies(withCode('password_rejected'));
    expect(check('🐉'.repeat(8))).not.to.throw();
  });

  it('has a password of at most 72 bytes in UTF-8, which is neither its e-mail address nor a common one', () => {
    const reasonOf = (password: string, common = false) => {
      try {
        checkPassword(password, 'vex@example.org', common);
      } catch (error) {
        if (error instanceof DomainError) return error.details.reason;
      }
      return 'none';
    };
    const bytes = { x: 1, '\u007f': 1, '\u0080': 2, '\u07ff': 2, '\u0800': 3, '\uffff': 3, '🐉': 4, '\u{10ffff}': 4 };
    for (const [character, length] of Object.entries(bytes)) {
      expect(reasonOf(character.repeat(72 / length)), character).to.equal('none');
      expect(reasonOf(`${character.repeat(72 / length)}x`), character).to.equal('too_long');
    }
    const messageOf = (password: string) => thrownBy(() => checkPassword(password, 'vex@example.org', false)).message;
    expect(messageOf('x'.repeat(7))).to.equal('A password has at least 8 characters.');
    expect(messageOf('x'.repeat(73))).to.match(/^A password has at most 72 bytes in UTF-8;/u);
    expect([reasonOf('x'.repeat(7)), reasonOf(' VEX@example.org')]).to.deep.equal(['too_short', 'is_email']);
    expect([reasonOf('sturdy-oak', true), reasonOf('vex@example.or')]).to.deep.equal(['too_common', 'none']);
  });

  it('is refused with the kind that says what can be done about it', () => {
    expect(codesByKind(identityErrors)).to.deep.equal({
      conflict:
        'builtin_role email_taken last_admin last_sign_in oauth_account_taken oauth_accounts_full role_in_use role_name_taken roles_full token_ended tokens_full user_roles_full username_taken',
      forbidden: 'edit_exceeds_own grant_exceeds_own oauth_email_missing registration_closed session_required',
      gone: 'password_link_ended',
      invalid: 'display_name_invalid oauth_flow_invalid password_rejected scopes_outside_workspace username_invalid',
      limited: 'sign_in_delayed',
      not_found:
        'oauth_account_not_found oauth_provider_not_found password_link_not_found permission_not_found role_not_found session_not_found token_not_found user_not_found',
      unauthenticated: 'oauth_failed password_wrong sign_in_failed',
      unavailable: 'hashing_busy oauth_provider_unavailable',
    });
  });
});
