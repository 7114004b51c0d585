/** Claims and metadata of an issuer that follows the protocol, and says what no client of ours could. */
import { expect } from 'chai';
import { tokens } from '#infrastructure/wiring/tokens.ts';
import { forgedSignIn } from '../../support/oidc/forged-sign-in.ts';
import { type Forgery, ForgingIssuer } from '../../support/oidc/forging-issuer.ts';
import { UserAgent } from '../../support/oidc/user-agent.ts';
import { startTestServer, type TestServer } from '../../support/servers/server.ts';
import { onEveryStore } from '../../support/servers/stores.ts';

onEveryStore('HTTP: claims of an OpenID Connect issuer', () => {
  let issuer: ForgingIssuer;
  let server: TestServer;

  async function start(): Promise<void> {
    issuer = await ForgingIssuer.start();
    server = await startTestServer({ ...issuer.settings, REGISTRATION: 'open' });
  }
  before(start);
  after(stop);

  async function stop(): Promise<void> {
    await server.close();
    await issuer.close();
  }
  beforeEach(() => {
    issuer.forge = () => {};
  });

  const api = (path: string) => `${server.url}/api/v1${path}`;
  const signIn = () => forgedSignIn(server.url);
  const forgedUser = () => server.application.container.get(tokens.reads).users.findByLogin('forged@forger.example');

  it('answers 401 `oauth_failed` to a subject by which no account can be known, and makes no user', async () => {
    for (const sub of ['', '   ', 'x\0', 'x\ud801', 'x\n', 'é', 'x'.repeat(256)]) {
      issuer.forge = (it: Forgery) => {
        it.claims = { ...it.claims, sub };
      };
      const { status, code } = await signIn();
      expect([status, code], JSON.stringify(sub)).to.deep.equal([401, 'oauth_failed']);
    }
    expect(await forgedUser()).to.equal(undefined);
  });

  it('answers 403 `oauth_email_missing` to a missing, malformed or unverified e-mail, and makes no user', async () => {
    for (const told of [
      { email: undefined },
      { email: 'nothing' },
      { email: '@' },
      { email: 'x@y\nbcc: z' },
      { email: 'keeper\u200b@forger.example' },
      { email: `${'x'.repeat(250)}@forger.example` },
      { email_verified: false },
      { email_verified: 'no' },
    ]) {
      issuer.forge = (it) => {
        it.claims = { ...it.claims, ...told };
      };
      const { status, code } = await signIn();
      expect([status, code], JSON.stringify(told)).to.deep.equal([403, 'oauth_email_missing']);
    }
    expect(await forgedUser()).to.equal(undefined);
  });

  it('takes a name in one line of clean text, or none, and stores nothing else of it', async () => {
    const names: readonly (readonly [told: unknown, shown: string])[] = [
      ['Vex\0 \ud801\u202eahlia\nde Rolo', 'Vex ahlia de Rolo'],
      ['\0\u2028', 'named-1'],
      [{ name: 'no text' }, 'named-2'],
      ['Élise 🐉', 'Élise 🐉'],
      ['Pi\u200bke\u{e0041} \u2060Trickfoot', 'Pi ke Trickfoot'],
      ['\u3164\u200b', 'named-5'],
      [`${'\u115f'.repeat(100)}Vax`, 'named-6'],
      ['\u0915\u094d\u200d\u0937', '\u0915\u094d\u200d\u0937'],
      ['x'.repeat(5_000), 'x'.repeat(100)],
    ];
    for (const [index, [told, shown]] of names.entries()) {
      const sub = `named-${index}`;
      issuer.forge = (it) => {
        it.claims = { ...it.claims, sub, email: `${sub}@forger.example`, name: told };
      };
      const { agent } = await signIn();
      const client = server.client();
      client.cookie = `tavernkeep=${agent.cookiesOf(server.url).get('tavernkeep')}`;
      expect((await client.get('/auth/me')).body.user.display_name).to.equal(shown);
    }
  });

  it('accepts a callback once (302), though the issuer accepts its code again: then 400 `oauth_flow_invalid`', async () => {
    const agent = new UserAgent();
    const begun = await agent.fetch(api('/auth/oauth/forger'));
    const asked = new URL(begun.location ?? '').searchParams;
    const flow = agent.cookiesOf(server.url).get('tavernkeep-oauth') ?? '';
    const back = `${api('/auth/oauth/forger/callback')}?code=${asked.get('nonce')}&state=${asked.get('state')}`;
    const codes: (string | number)[] = [];
    for (let n = 0; n < 2; n++) {
      agent.setCookie(server.url, 'tavernkeep-oauth', flow);
      const page = await agent.fetch(back);
      codes.push(page.text === '' ? page.status : JSON.parse(page.text).code);
    }
    expect(codes).to.deep.equal([302, 'oauth_flow_invalid']);
  });

  it('answers 503 `oauth_provider_unavailable` to an authorization endpoint that is no web address, and leads nowhere', async () => {
    for (const endpoint of ['javascript:alert(1)', 'http://forger.example/authorize', 'nothing']) {
      // Metadata are asked for once.
      await stop();
      await start();
      issuer.metadata = { authorization_endpoint: endpoint };
      const { status, code } = await signIn();
      expect([status, code], endpoint).to.deep.equal([503, 'oauth_provider_unavailable']);
    }
  });
});
