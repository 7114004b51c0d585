/** A real issuer of OpenID Connect on this machine, and a browser that signs in there by its redirects and forms. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import Provider, { type Configuration } from 'oidc-provider';
import { stub } from 'sinon';
import type { Settings } from '../servers/server.ts';

const CLIENT = { client_id: 'tavernkeep', client_secret: 'the-secret-of-the-client' };

export type Issuer = Readonly<{
  url: string;
  /** What makes a Tavernkeep know the issuer as `guild`. */
  settings: Settings;
  /** Makes it answer, for a Tavernkeep at this address. */
  open(tavernkeep: string, configuration?: Configuration): Provider;
  /** Makes it answer 503 to everything, until it is opened again. */
  shut(): void;
  close(): Promise<void>;
}>;

/** Takes a port; until it is opened, every request gets a 503. */
export async function startIssuer(): Promise<Issuer> {
  let provider: Provider | undefined;
  const server = createServer((request, response) => {
    if (provider === undefined) response.writeHead(503).end();
    else provider.callback()(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url,
    settings: {
      OAUTH_GUILD_ISSUER: url,
      OAUTH_GUILD_CLIENT_ID: CLIENT.client_id,
      OAUTH_GUILD_CLIENT_SECRET: CLIENT.client_secret,
    },
    open(tavernkeep, configuration = {}) {
      // It warns of everything in it that is good for tests alone.
      const warnings = stub(console, 'warn');
      try {
        provider = new Provider(url, { ...configurationFor(tavernkeep), ...configuration });
      } finally {
        warnings.restore();
      }
      return provider;
    },
    shut() {
      provider = undefined;
    },
    close: () => closed(server),
  };
}

function closed(server: Server): Promise<void> {
  server.closeAllConnections();
  return new Promise((resolve) => server.close(() => resolve()));
}

function configurationFor(tavernkeep: string): Configuration {
  return {
    clients: [
      {
        ...CLIENT,
        redirect_uris: [`${tavernkeep}/api/v1/auth/oauth/guild/callback`],
        grant_types: ['authorization_code', 'refresh_token'],
        response_types: ['code'],
      },
    ],
    claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name'] },
    cookies: { keys: ['keys-of-a-test'] },
    findAccount: (_, sub) => ({
      accountId: sub,
      claims: async () => ({ sub, email: `${sub}@guild.example`, email_verified: true, name: `Member ${sub}` }),
    }),
    issueRefreshToken: async () => true,
    pkce: { required: () => true },
    rotateRefreshToken: true,
    ttl: {
      AccessToken: 60,
      AuthorizationCode: 60,
      Grant: 600,
      IdToken: 60,
      Interaction: 600,
      RefreshToken: 600,
      Session: 600,
    },
  };
}
