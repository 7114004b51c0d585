/** How long a provider of OpenID Connect is waited for. */
import { expect } from 'chai';
import { Container } from 'inversify';
import { spy } from 'sinon';
import { loadConfig } from '#infrastructure/config/config.ts';
import { systemModule } from '#infrastructure/wiring/system.ts';
import { tokens } from '#infrastructure/wiring/tokens.ts';
import { refusalOf } from '../../support/reporting/refusals.ts';
import { freePort } from '../../support/servers/free-port.ts';

describe('A request to a provider', () => {
  it('is given up after 4 s', async () => {
    const settings = {
      OAUTH_GUILD_ISSUER: `http://127.0.0.1:${await freePort()}`,
      OAUTH_GUILD_CLIENT_ID: 'tavernkeep',
      OAUTH_GUILD_CLIENT_SECRET: 'a lantern in the fen',
    };
    const container = new Container();
    await container.load(systemModule(loadConfig(settings, () => '')));
    const limits = spy(AbortSignal, 'timeout');
    try {
      const beginning = container.get(tokens.oauthProviders).begin('guild', 'http://127.0.0.1/callback');
      expect(await refusalOf(beginning)).to.equal('oauth_provider_unavailable');
      expect(limits.args).to.deep.equal([[4_000]]);
    } finally {
      limits.restore();
    }
  });
});
