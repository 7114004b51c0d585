/** When the grants of providers are kept to be tried again. */
import { expect } from 'chai';
import { loadConfig } from '#infrastructure/config/config.ts';
import { keepsGrants, recheckMs } from '#infrastructure/config/policies-from-config.ts';
import { aFernetKey } from '../../support/builders/fernet-keys.ts';

describe('The grants of providers', () => {
  const keeps = (settings: Record<string, string>) => keepsGrants(loadConfig(settings, () => ''));

  it('are kept where there is a key to encrypt them and a recheck to use them', () => {
    const FERNET_KEYS = aFernetKey();
    expect(keeps({ FERNET_KEYS, OAUTH_RECHECK_HOURS: '1' })).to.equal(true);
    expect(keeps({ FERNET_KEYS, OAUTH_RECHECK_HOURS: '0' })).to.equal(false);
    expect(keeps({ OAUTH_RECHECK_HOURS: '1' })).to.equal(false);
  });

  it('are due again after as many hours as the setting says', () => {
    expect(recheckMs(loadConfig({ OAUTH_RECHECK_HOURS: '3' }, () => ''))).to.equal(10_800_000);
  });
});
