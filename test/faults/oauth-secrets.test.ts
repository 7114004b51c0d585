/** No plain secret of a sign-in through a provider in what is kept: the database, the speed layer's file, and logs. */
import { expect } from 'chai';
import { aFernetKey } from '../support/builders/fernet-keys.ts';
import { ForgingIssuer } from '../support/oidc/forging-issuer.ts';
import { UserAgent } from '../support/oidc/user-agent.ts';
import { ServerProcess } from '../support/servers/process.ts';
import { filesOf } from '../support/servers/secret-scan.ts';
import { sqliteSettings } from '../support/servers/server.ts';

const REFRESH_TOKEN = 'a-refresh-token-that-nobody-may-see';

describe('faults: OAuth provider secrets', function () {
  this.timeout(60_000);

  it('appear in no file or log after a sign-in, a refused one (401) and one whose provider fails (503)', async () => {
    const issuer = await ForgingIssuer.start();
    const { settings, folder, remove } = await sqliteSettings();
    const keys = { REGISTRATION: 'open', LOG_LEVEL: 'trace', FERNET_KEYS: aFernetKey() };
    const server = await ServerProcess.start({ ...settings, ...issuer.settings, ...keys });
    issuer.tokens = { refresh_token: REFRESH_TOKEN };
    const secrets = [REFRESH_TOKEN, keys.FERNET_KEYS, issuer.settings.OAUTH_FORGER_CLIENT_SECRET as string];

    async function signIn(): Promise<number> {
      const agent = new UserAgent();
      const start = `${server.url}/api/v1/auth/oauth/forger`;
      const asked = new URL((await agent.fetch(start)).location ?? '').searchParams;
      const [state, code] = [asked.get('state') ?? '', asked.get('nonce') ?? ''];
      secrets.push(state, code, agent.cookiesOf(server.url).get('tavernkeep-oauth') ?? '');
      const { status } = await agent.fetch(`${start}/callback?${new URLSearchParams({ state, code })}`);
      const session = agent.cookiesOf(server.url).get('tavernkeep');
      if (session !== undefined) secrets.push(session);
      return status;
    }

    expect(await signIn()).to.equal(302);
    issuer.refusal = { status: 400, body: { error: 'invalid_grant', error_description: REFRESH_TOKEN } };
    expect(await signIn()).to.equal(401);
    issuer.refusal = { status: 500, body: { error_description: REFRESH_TOKEN } };
    expect(await signIn()).to.equal(503);
    server.signal('SIGTERM');
    expect(await server.end()).to.equal(0);
    const files = filesOf(folder).map(([name, bytes]) => [name, bytes.toString('latin1')] as const);
    expect(files.map(([name]) => name)).to.include('app.db');
    expect(files.find(([name]) => name === 'app.db')?.[1]).to.contain('forged@forger.example');
    for (const [name, content] of [...files, ['log', server.output] as const]) {
      for (const [place, secret] of secrets.entries()) {
        expect(secret).not.to.equal('');
        expect(content.includes(secret), `secret ${place} in ${name}`).to.equal(false);
      }
    }
    await remove();
    await issuer.close();
  });
});
