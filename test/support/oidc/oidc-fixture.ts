/** A guild at which people sign in to a Tavernkeep: what they do in their browsers, by its redirects and forms. */
import type Provider from 'oidc-provider';
import { aFernetKey } from '../builders/fernet-keys.ts';
import { Client, type Json, startTestServer, type TestServer } from '../servers/server.ts';
import { type Issuer, startIssuer } from './oidc-issuer.ts';
import { type Page, UserAgent } from './user-agent.ts';

export class OidcFixture {
  readonly #tavernkeep: string;
  readonly callback: string;

  /** The address of the Tavernkeep, which knows the issuer as `guild`. */
  constructor(tavernkeep: string) {
    this.#tavernkeep = tavernkeep;
    this.callback = this.api('/auth/oauth/guild/callback');
  }

  api(path: string): string {
    return `${this.#tavernkeep}/api/v1${path}`;
  }

  /** Signs in at the issuer, up to the redirect that leads back. */
  async returning(agent: UserAgent, login: string): Promise<string> {
    let page = await agent.follow(this.api('/auth/oauth/guild'), this.callback);
    if (page.location === null) page = await agent.submit(page, { login, password: 'any' }, this.callback);
    if (page.location === null) page = await agent.submit(page, {}, this.callback);
    if (page.location === null) throw new Error(page.text);
    return page.location;
  }

  async signIn(login: string, agent = new UserAgent()): Promise<Readonly<{ agent: UserAgent; back: Page }>> {
    return { agent, back: await agent.fetch(await this.returning(agent, login)) };
  }

  /** A client with the session of a browser. */
  clientOf(agent: UserAgent): Client {
    const client = new Client(this.#tavernkeep);
    const secret = agent.cookiesOf(this.#tavernkeep).get('tavernkeep');
    client.cookie = secret === undefined ? null : `tavernkeep=${secret}`;
    return client;
  }

  /** A browser with the session of a client. */
  agentOf(client: Client): UserAgent {
    const agent = new UserAgent();
    agent.setCookie(this.#tavernkeep, 'tavernkeep', client.cookie?.slice('tavernkeep='.length) ?? '');
    return agent;
  }
}

export type OidcScenario = Readonly<{
  issuer: Issuer;
  provider: Provider;
  server: TestServer;
  guild: OidcFixture;
  close(): Promise<void>;
}>;

/** A real issuer, and a Tavernkeep with open registration that knows it. */
export async function openGuildHall(): Promise<OidcScenario> {
  const issuer = await startIssuer();
  const server = await startTestServer({ ...issuer.settings, REGISTRATION: 'open', FERNET_KEYS: aFernetKey() });
  const provider = issuer.open(server.url);
  const close = async () => {
    await server.close();
    await issuer.close();
  };
  return { issuer, provider, server, guild: new OidcFixture(server.url), close };
}

/** The linked accounts of whoever is signed in. */
export async function accountsOf(client: Client): Promise<Json> {
  return (await client.get('/auth/oauth-accounts')).body.items;
}
