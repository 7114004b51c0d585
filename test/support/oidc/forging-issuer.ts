/**
 * An issuer of OpenID Connect that says whatever a test wants it to say, true or forged. The code of a sign-in is its
 * nonce.
 */
import { createHmac, createPublicKey, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import type { Settings } from '../servers/server.ts';

const FORGER_CLIENT_ID = 'tavernkeep';

type Json = Readonly<Record<string, unknown>>;
export type SigningKey = Readonly<{ id: string; privateKey: KeyObject }>;

/** What the next ID token is made of; everything that is right, unless a test changes it. */
export type Forgery = {
  header: Json;
  claims: Json;
  /** Null: no signature. */
  key: SigningKey | null;
  /** Signs with this by HMAC instead, as whoever knows the client's secret could. */
  secret: string | null;
};

export function aSigningKey(id: string): SigningKey {
  return { id, privateKey: generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey };
}

/** Made once: it takes a while. */
const FIRST = aSigningKey('first');

export class ForgingIssuer {
  /** What `/jwks` publishes. */
  keys: SigningKey[] = [FIRST];
  /** Changes the next ID token. */
  forge: (forgery: Forgery) => void = () => {};
  /** What the token endpoint adds to its answer. */
  tokens: Json = {};
  /** What the token endpoint answers instead, if anything. */
  refusal: Readonly<{ status: number; body: Json }> | null = null;
  metadata: Json = {};
  discoveries = 0;
  /** Whether requests are left without an answer. */
  silent = false;
  readonly #server: Server;

  private constructor(server: Server) {
    this.#server = server;
    server.on('request', (request, response) => {
      if (!this.silent) this.#answer(request, response);
    });
  }

  static async start(): Promise<ForgingIssuer> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return new ForgingIssuer(server);
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** What makes a Tavernkeep know the issuer as `forger`. */
  get settings(): Settings {
    return {
      OAUTH_FORGER_ISSUER: this.url,
      OAUTH_FORGER_CLIENT_ID: FORGER_CLIENT_ID,
      OAUTH_FORGER_CLIENT_SECRET: 'the-secret-of-the-client',
    };
  }

  close(): Promise<void> {
    this.#server.closeAllConnections();
    return new Promise((resolve) => this.#server.close(() => resolve()));
  }

  #answer(request: IncomingMessage, response: ServerResponse): void {
    const path = new URL(request.url ?? '/', this.url).pathname;
    if (path === '/.well-known/openid-configuration') this.#discover(response);
    else if (path === '/jwks') send(response, 200, { keys: this.keys.map(published) });
    else if (path === '/token') void this.#token(request, response);
    else send(response, 404, {});
  }

  #discover(response: ServerResponse): void {
    this.discoveries += 1;
    send(response, 200, {
      issuer: this.url,
      authorization_endpoint: `${this.url}/authorize`,
      token_endpoint: `${this.url}/token`,
      jwks_uri: `${this.url}/jwks`,
      id_token_signing_alg_values_supported: ['RS256'],
      ...this.metadata,
    });
  }

  async #token(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const nonce = new URLSearchParams(await text(request)).get('code');
    const tokens = { access_token: 'access', token_type: 'Bearer', expires_in: 60, id_token: this.#idToken(nonce) };
    if (this.refusal === null) send(response, 200, { ...tokens, ...this.tokens });
    else send(response, this.refusal.status, this.refusal.body);
  }

  #idToken(nonce: string | null): string {
    const now = Math.floor(Date.now() / 1_000);
    const key = this.keys[0] as SigningKey;
    const claims = { iss: this.url, aud: FORGER_CLIENT_ID, sub: 'forged', nonce, iat: now, exp: now + 60 };
    const forgery: Forgery = {
      header: { alg: 'RS256', kid: key.id },
      claims: { ...claims, email: 'forged@forger.example', email_verified: true },
      key,
      secret: null,
    };
    this.forge(forgery);
    const signed = [forgery.header, forgery.claims].map((part) => encoded(JSON.stringify(part))).join('.');
    return `${signed}.${encoded(signatureOf(signed, forgery))}`;
  }
}

function signatureOf(signed: string, { key, secret }: Forgery): Buffer {
  if (secret !== null) return createHmac('sha256', secret).update(signed).digest();
  return key === null ? Buffer.alloc(0) : sign('RSA-SHA256', Buffer.from(signed), key.privateKey);
}

function encoded(part: string | Buffer): string {
  return Buffer.from(part).toString('base64url');
}

function published({ id, privateKey }: SigningKey): Json {
  return { ...createPublicKey(privateKey).export({ format: 'jwk' }), kid: id, use: 'sig', alg: 'RS256' };
}

function send(response: ServerResponse, status: number, body: Json): void {
  response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(body));
}
