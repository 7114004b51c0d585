/** What a licence allows and when, and that there is one trial. */
import { expect } from 'chai';
import { libraryErrors } from '#domain/library/errors.ts';
import { sourceKey } from '#domain/library/source.ts';
import { checkTerms, type Grant, granted, isLive, readable, type SourceAccess } from '#domain/library/source-access.ts';
import { HOME_ID } from '#domain/shared/workspace-rights.ts';
import { anAccess, aSource, at, aUser } from '../../support/builders/records.ts';
import { codesByKind } from '../../support/reporting/refusals.ts';

const whose = { sourceId: aSource().id, userId: aUser().id };
const grant = (fields: Partial<Grant> = {}): Grant => ({
  type: 'alacarte',
  validFrom: null,
  expiresAt: null,
  licenseKey: null,
  ...fields,
});
const access = (fields: Partial<SourceAccess> = {}) => anAccess(whose.sourceId, whose.userId, fields);
const trial = grant({ type: 'trial', expiresAt: at(100) });

/** The code that it refuses with. */
function refusal(give: () => unknown): string {
  try {
    give();
  } catch (error) {
    return (error as { code: string }).code;
  }
  throw new Error('It was granted.');
}

describe('a grant', () => {
  it('starts at once by default, and replaces type, dates and licence key', () => {
    const before = access({ type: 'included', licenseKey: 'old', revokedAt: at(1) });
    expect(granted(whose, before, grant({ licenseKey: 'new' }), at(5))).to.deep.equal({
      ...whose,
      type: 'alacarte',
      validFrom: at(5),
      expiresAt: null,
      grantedAt: at(5),
      revokedAt: null,
      trialUsed: false,
      licenseKey: 'new',
    });
    expect(granted(whose, undefined, grant({ validFrom: at(9) }), at(5)).validFrom).to.deep.equal(at(9));
  });

  it('must end after it starts', () => {
    const end = (expiresAt: Date) => granted(whose, undefined, grant({ validFrom: at(9), expiresAt }), at(5));
    expect(refusal(() => end(at(9)))).to.equal('access_period_empty');
    expect(end(at(9.001)).expiresAt).to.deep.equal(at(9.001));
    expect(refusal(() => granted(whose, undefined, trial, at(100)))).to.equal('access_period_empty');
    expect(granted(whose, undefined, trial, at(99.999)).validFrom).to.deep.equal(at(99.999));
  });

  it('is checked before anything is stored: from now on where it names no beginning, but for a trial’s end', () => {
    expect(refusal(() => checkTerms(grant({ expiresAt: at(5) }), at(5)))).to.equal('access_period_empty');
    expect(refusal(() => checkTerms({ ...trial, validFrom: at(100) }, at(5)))).to.equal('access_period_empty');
    checkTerms(grant({ expiresAt: at(5.001) }), at(5));
    checkTerms(trial, at(200));
  });

  it('makes a trial of a full licence of the same dates', () => {
    const full = granted(whose, undefined, { ...trial, type: 'alacarte' }, at(0));
    expect(granted(whose, full, trial, at(5))).to.include({ type: 'trial', trialUsed: true });
  });

  it('must have an end if it is a trial', () => {
    expect(refusal(() => granted(whose, undefined, grant({ type: 'trial' }), at(0)))).to.equal('trial_needs_expiry');
  });

  it('changes nothing if it repeats the existing trial, even after that has expired', () => {
    const first = granted(whose, undefined, trial, at(0));
    expect(first.trialUsed).to.equal(true);
    expect(granted(whose, first, trial, at(50))).to.deep.equal(first);
    expect(granted(whose, first, { ...trial, validFrom: at(0) }, at(200))).to.deep.equal(first);
  });

  it('is refused for a second trial, even after the first was revoked or replaced by a full licence', () => {
    const first = granted(whose, undefined, trial, at(0));
    const real = granted(whose, first, grant(), at(60));
    expect(real).to.include({ type: 'alacarte', trialUsed: true });
    const other = { ...trial, expiresAt: at(900) };
    expect(refusal(() => granted(whose, first, other, at(50)))).to.equal('trial_used');
    expect(refusal(() => granted(whose, first, { ...trial, validFrom: at(1) }, at(50)))).to.equal('trial_used');
    expect(refusal(() => granted(whose, { ...first, revokedAt: at(10) }, trial, at(50)))).to.equal('trial_used');
    expect(refusal(() => granted(whose, real, trial, at(70)))).to.equal('trial_used');
  });
});

describe('a licence', () => {
  it('is valid from its start until just before its end, unless it was revoked', () => {
    const one = access({ validFrom: at(10), expiresAt: at(20) });
    expect([9.999, 10, 19.999, 20].map((seconds) => isLive(one, at(seconds)))).to.deep.equal([
      false,
      true,
      true,
      false,
    ]);
    expect(isLive({ ...one, expiresAt: null }, at(1_000_000))).to.equal(true);
    expect(isLive({ ...one, revokedAt: at(11) }, at(12))).to.equal(false);
  });

  it('lets its user read a source until it ends, and makes no difference for an included source', () => {
    const [included, other] = [aSource({ included: true }), aSource()];
    const one = access({ type: 'trial', expiresAt: at(20) });
    expect(readable(included, one, at(5))).to.deep.equal({ source: included, type: 'included', expiresAt: null });
    expect(readable(other, one, at(5))).to.deep.equal({ source: other, type: 'trial', expiresAt: at(20) });
    expect(readable(other, one, at(20))).to.equal(null);
    expect(readable(other, undefined, at(5))).to.equal(null);
  });
});

describe('the key of a source', () => {
  it('ignores case, Unicode form and surrounding whitespace, and separates title from edition', () => {
    const key = (title: string, edition: string | null = null) => sourceKey({ workspaceId: HOME_ID, title, edition });
    expect(key(' Ärzte ')).to.equal(key('A\u0308RZTE'));
    expect(key('Tome', '')).to.equal(key('Tome'));
    expect(key('Tome', '5e')).not.to.equal(key('Tome 5e'));
    expect(key('Tome","5e')).not.to.equal(key('Tome', '5e'));
  });
});

describe('a refusal of the library', () => {
  it('has the kind that says what can be done about it', () => {
    expect(codesByKind(libraryErrors)).to.deep.equal({
      not_found: 'access_not_found document_not_found source_not_found',
      gone: 'file_missing',
      unreadable: 'url_refused',
      conflict: 'source_taken trial_used url_ingest_off',
      invalid: 'access_period_empty trial_needs_expiry',
    });
  });
});
