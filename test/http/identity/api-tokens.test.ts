/** API tokens: issuing, using, rotating and revoking them, and calls from other origins, over HTTP. */
import { expect } from 'chai';
import { rounds } from '../../support/reporting/rounds.ts';
import { type Answer, type Client, type Json, startTestServer, type TestServer } from '../../support/servers/server.ts';
import { onEveryStore } from '../../support/servers/stores.ts';

const PAGE = 'https://play.example';

onEveryStore('HTTP: API tokens', () => {
  let server: TestServer;
  before(async () => {
    server = await startTestServer({ CORS_ORIGINS: PAGE });
  });
  after(() => server.close());

  const bearer = (token: string) => ({ Authorization: `Bearer ${token}` });
  const me = (token: string) => server.client().get('/auth/me', bearer(token));
  const issue = (client: Client, fields: Record<string, unknown> = {}) =>
    client.post('/auth/tokens', { name: 'dice bot', scopes: ['chat.use'], ...fields });
  const listed = async (client: Client, id: string): Promise<Json> =>
    (await client.get('/auth/tokens')).body.items.find((one: Json) => one.id === id);
  const rotate = (client: Client, id: string, body?: Json): Promise<Answer> =>
    client.post(`/auth/tokens/${id}/rotate`, body);

  describe('POST /auth/tokens', () => {
    it('answers 201 with a well-formed token for 90 days, its scopes each once; the list shows its prefix, not its secret', async () => {
      const client = await server.user();
      const { status, body } = await issue(client, { scopes: ['sources.read', 'chat.use', 'chat.use'] });
      expect(status).to.equal(201);
      expect(body.token).to.match(/^tk_[0-9a-z]+_[0-9A-Za-z]{49}$/);
      expect(body.scopes).to.deep.equal(['chat.use', 'sources.read']);
      expect(Date.parse(body.expires_at) - Date.now()).to.be.within(89.9 * 86_400_000, 90 * 86_400_000);
      const { text, body: list } = await client.get('/auth/tokens');
      expect(text).not.to.contain(body.token.slice(-49));
      expect(body.token.startsWith(`${list.items[0].prefix}_`)).to.equal(true);
    });

    it('replays the first answer with 201 and without the secret under the same Idempotency-Key, and issues one token', async () => {
      const client = await server.user();
      const request = { name: 'bot', scopes: ['chat.use'] };
      const first = await client.post('/auth/tokens', request, { 'Idempotency-Key': 'once' });
      const again = await client.post('/auth/tokens', request, { 'Idempotency-Key': 'once' });
      expect(again.status).to.equal(201);
      const { token: _, ...rest } = first.body;
      expect(again.body).to.deep.equal(rest);
      expect((await client.get('/auth/tokens')).body.items).to.have.length(1);
    });

    it('answers 400 `invalid_input` to an empty name, an unknown scope or none, and to a lifetime of more than a year', async () => {
      const client = await server.user();
      for (const fields of [{ name: '' }, { scopes: ['fly'] }, { scopes: [] }, { expires_in_seconds: 31_536_001 }]) {
        expect((await issue(client, fields)).body).to.include({ status: 400, code: 'invalid_input' });
      }
      expect((await issue(client, { expires_in_seconds: 31_536_000 })).status).to.equal(201);
    });

    it('answers 401 to an anonymous caller, and 403 to an API token and to a scope that the user lacks', async () => {
      expect((await issue(server.client())).status).to.equal(401);
      const client = await server.user();
      const answer = await issue(client, { scopes: ['chat.use', 'users.write'] });
      expect(answer.body).to.deep.include({ status: 403, code: 'grant_exceeds_own', lacking: ['users.write'] });
      const token = await server.token(client, 'chat.use');
      const body = { name: 'more', scopes: ['chat.use'] };
      expect((await server.client().post('/auth/tokens', body, bearer(token))).body.code).to.equal('session_required');
    });
  });

  describe('Authorization: Bearer', () => {
    it('acts for its owner with its scopes alone: 200 from `/auth/me`, which shows the token, and 403 beyond them', async () => {
      const admin = await server.admin();
      const { body: issued } = await issue(admin, { scopes: ['users.read'] });
      const { status, body } = await me(issued.token);
      expect(status).to.equal(200);
      expect(body.permissions).to.deep.equal(['users.read']);
      expect(body.user.email).to.equal('admin@tavernkeep.local');
      expect(body.token).to.include({ id: issued.id, name: 'dice bot' });
      expect(body.session).to.equal(undefined);
      const refused = await server.client().post('/admin/users', {}, bearer(issued.token));
      expect(refused.body).to.include({ status: 403, code: 'permission_missing', permission: 'users.write' });
    });

    it('takes precedence over a cookie; logging out with both answers 204, ends neither, and leaves the cookie', async () => {
      const [client, admin] = [await server.user(), await server.admin()];
      const token = await server.token(admin, 'chat.use');
      const answer = await client.get('/auth/me', bearer(token));
      expect(answer.body.user.email).to.equal('admin@tavernkeep.local');
      const both = await client.post('/auth/logout', undefined, bearer(token));
      expect([both.status, both.headers.get('set-cookie')]).to.deep.equal([204, null]);
      expect((await admin.get('/auth/me')).status).to.equal(200);
      for (const still of [await client.get('/auth/me'), await me(token)]) expect(still.status).to.equal(200);
    });

    it('answers 401 `unauthenticated` to an empty, malformed or mistyped token, even beside a valid cookie', async () => {
      const client = await server.user();
      const token = await server.token(client, 'chat.use');
      const mistyped = token.slice(0, -1) + (token.endsWith('A') ? 'B' : 'A');
      for (const header of ['Bearer', 'Bearer ', 'bearer x', `Bearer ${token} x`, `Bearer ${mistyped}`]) {
        const answer = await client.get('/auth/me', { Authorization: header });
        expect(answer.body, header).to.include({ status: 401, code: 'unauthenticated' });
      }
    });

    it('ignores the header of another scheme, such as Basic, and answers 200 by the cookie', async () => {
      const client = await server.user();
      expect((await client.get('/auth/me', { Authorization: 'Basic dXNlcjpwYXNz' })).status).to.equal(200);
    });

    it('cuts the token’s permissions to those that its owner still holds, from the next request on', async () => {
      const admin = await server.admin();
      const client = await server.user('gm');
      const { id } = (await client.get('/auth/me')).body.user;
      const token = await server.token(client, 'games.create', 'chat.use');
      expect((await me(token)).body.permissions).to.have.members(['games.create', 'chat.use']);
      expect((await admin.post(`/admin/users/${id}/roles`, { role: 'player' })).status).to.equal(200);
      expect((await admin.send('DELETE', `/admin/users/${id}/roles/gm`, undefined)).status).to.equal(200);
      expect((await me(token)).body.permissions).to.deep.equal(['chat.use']);
    });

    it('answers 401 at once when the token’s owner is disabled or deleted', async () => {
      const admin = await server.admin();
      const [disabled, deleted] = [await server.user(), await server.user()];
      const tokens = [await server.token(disabled, 'chat.use'), await server.token(deleted, 'chat.use')];
      for (const token of tokens) expect((await me(token)).status).to.equal(200);
      const ids = [];
      for (const one of [disabled, deleted]) ids.push((await one.get('/auth/me')).body.user.id);
      const path = `/admin/users/${ids[0]}`;
      const etag = (await admin.get(path)).headers.get('etag') ?? '';
      const body = JSON.stringify({ status: 'disabled' });
      const headers = { 'If-Match': etag, 'Content-Type': 'application/json' };
      expect((await admin.send('PATCH', path, body, headers)).status).to.equal(200);
      expect((await admin.send('DELETE', `/admin/users/${ids[1]}`, undefined)).status).to.equal(204);
      for (const token of tokens) expect((await me(token)).status).to.equal(401);
    });
  });

  describe('GET /auth/tokens', () => {
    it('answers 200 with how often and when each token was last used, and with no other user’s tokens', async () => {
      const client = await server.user();
      const { id, token } = (await issue(client)).body;
      expect(await listed(client, id)).to.include({ usage_count: 0, last_used_at: null, revoked_at: null });
      for (let i = 0; i < 3; i++) await me(token);
      const { usage_count, last_used_at } = await listed(client, id);
      expect(usage_count).to.equal(3);
      expect(Math.abs(Date.parse(last_used_at) - Date.now())).to.be.below(60_000);
      expect((await (await server.user()).get('/auth/tokens')).body.items).to.deep.equal([]);
    });

    it('answers 401 to an anonymous caller, and 403 `session_required` to an API token', async () => {
      expect((await server.client().get('/auth/tokens')).status).to.equal(401);
      const token = await server.token(await server.user(), 'chat.use');
      expect((await server.client().get('/auth/tokens', bearer(token))).body.code).to.equal('session_required');
    });
  });

  describe('DELETE /auth/tokens/{id}', () => {
    it('revokes the token at once with 204, keeps it in the list, and changes nothing when repeated (204)', async () => {
      const client = await server.user();
      const { id, token } = (await issue(client)).body;
      expect((await me(token)).status).to.equal(200);
      expect((await client.send('DELETE', `/auth/tokens/${id}`, undefined)).status).to.equal(204);
      expect((await me(token)).status).to.equal(401);
      const { revoked_at } = await listed(client, id);
      expect(revoked_at).to.be.a('string');
      expect((await client.send('DELETE', `/auth/tokens/${id}`, undefined)).status).to.equal(204);
      expect((await listed(client, id)).revoked_at).to.equal(revoked_at);
    });

    it('answers 401 to an anonymous caller, 403 to an API token, and 404 for another user’s token or an unknown one', async () => {
      const [client, other] = [await server.user(), await server.user()];
      const { id, token } = (await issue(client)).body;
      const path = `/auth/tokens/${id}`;
      expect((await server.client().send('DELETE', path, undefined)).status).to.equal(401);
      expect((await server.client().send('DELETE', path, undefined, bearer(token))).status).to.equal(403);
      const answers = [await other.send('DELETE', path, undefined)];
      for (const none of ['tok_0', 'nonsense'])
        answers.push(await other.send('DELETE', `/auth/tokens/${none}`, undefined));
      for (const { body } of answers) expect(body).to.include({ status: 404, code: 'token_not_found' });
      expect((await me(token)).status).to.equal(200);
    });
  });

  describe('POST /auth/tokens/{id}/rotate', () => {
    it('answers 201 with a new token of the same scopes and lifetime, and ends the old one at once (401)', async () => {
      const client = await server.user();
      const old = (await issue(client, { expires_in_seconds: 1_000 })).body;
      const { status, body } = await rotate(client, old.id);
      expect(status).to.equal(201);
      expect(body.scopes).to.deep.equal(['chat.use']);
      expect(Date.parse(body.expires_at) - Date.now()).to.be.within(900_000, 1_000_000);
      expect([(await me(old.token)).status, (await me(body.token)).status]).to.deep.equal([401, 200]);
    });

    it('lets the old token live on for a grace period, but never beyond its own expiry', async () => {
      const client = await server.user();
      const [long, short] = [(await issue(client)).body, (await issue(client, { expires_in_seconds: 60 })).body];
      for (const { id } of [long, short]) await rotate(client, id, { grace_seconds: 3_600 });
      for (const { token } of [long, short]) expect((await me(token)).status).to.equal(200);
      const inSeconds = async (id: string) => (Date.parse((await listed(client, id)).expires_at) - Date.now()) / 1_000;
      expect(await inSeconds(long.id)).to.be.within(3_500, 3_600);
      expect((await listed(client, short.id)).expires_at).to.equal(short.expires_at);
    });

    it('answers 400 to a grace period of more than a week', async () => {
      const client = await server.user();
      const { id } = (await issue(client)).body;
      expect((await rotate(client, id, { grace_seconds: 604_801 })).status).to.equal(400);
    });

    it('answers 401 to an anonymous caller, 403 to an API token, and 404 for another user’s token or an unknown one', async () => {
      const [client, other] = [await server.user(), await server.user()];
      const { id, token } = (await issue(client)).body;
      expect((await rotate(server.client(), id)).status).to.equal(401);
      const answer = await server.client().post(`/auth/tokens/${id}/rotate`, undefined, bearer(token));
      expect(answer.body.code).to.equal('session_required');
      for (const none of [id, 'tok_0']) expect((await rotate(other, none)).body.code).to.equal('token_not_found');
    });

    it('answers 403 `grant_exceeds_own` once its owner has lost a scope, and leaves the old token as it was', async () => {
      const [admin, client] = [await server.admin(), await server.user('gm', 'player')];
      const { id } = (await client.get('/auth/me')).body.user;
      const old = (await issue(client, { scopes: ['games.create', 'chat.use'] })).body;
      await admin.delete(`/admin/users/${id}/roles/gm`);
      const { body } = await rotate(client, old.id);
      expect(body).to.deep.include({ status: 403, code: 'grant_exceeds_own', lacking: ['games.create'] });
      expect((await me(old.token)).status).to.equal(200);
      expect((await client.get('/auth/tokens')).body.items).to.have.length(1);
    });

    it('answers 409 `token_ended` for a token that was revoked', async () => {
      const client = await server.user();
      const { id } = (await issue(client)).body;
      await client.send('DELETE', `/auth/tokens/${id}`, undefined);
      expect((await rotate(client, id)).body).to.include({ status: 409, code: 'token_ended' });
    });

    it(`is seen by every request that begins after it, though others race with it, in ${rounds(100)} rounds`, async function () {
      this.timeout(120_000);
      const client = await server.user();
      let current = (await issue(client)).body;
      for (let round = 1; round <= rounds(100); round += 1) {
        const used = Promise.all(Array.from({ length: 5 }, () => me(current.token)));
        const next = (await rotate(client, current.id)).body;
        expect((await me(current.token)).status).to.equal(401);
        expect((await me(next.token)).status).to.equal(200);
        for (const { status } of await used) expect(status).to.be.oneOf([200, 401]);
        current = next;
      }
    });
  });

  describe('CORS_ORIGINS', () => {
    const preflight = (origin: string) =>
      server.client().send('OPTIONS', '/auth/tokens', undefined, {
        Origin: origin,
        'Access-Control-Request-Method': 'POST',
        'Access-Control-Request-Headers': 'authorization, content-type',
      });

    it('allows preflights of its origins alone, with 204 and without credentials', async () => {
      const { status, headers } = await preflight(PAGE);
      expect(status).to.equal(204);
      expect(headers.get('access-control-allow-origin')).to.equal(PAGE);
      expect(headers.get('access-control-allow-headers')).to.contain('Authorization');
      expect(headers.get('access-control-allow-methods')).to.contain('PATCH');
      expect(headers.get('access-control-allow-credentials')).to.equal(null);
      expect(headers.get('vary')).to.contain('Origin');
      const foreign = await preflight('https://evil.example');
      expect(foreign.headers.get('access-control-allow-origin')).to.equal(null);
    });

    it('lets pages of its origins write with an API token (201)', async () => {
      const token = await server.token(await server.user(), 'chat.use');
      const answer = await server.client().post('/chat', {}, { ...bearer(token), Origin: PAGE });
      expect(answer.status).to.equal(201);
      expect(answer.headers.get('access-control-allow-origin')).to.equal(PAGE);
    });

    it('accepts no cookie from its origins: 401 for reading and writing, and 403 `foreign_origin` for signing in', async () => {
      const client = await server.user();
      expect((await client.get('/auth/me', { Origin: PAGE })).status).to.equal(401);
      expect((await client.post('/chat', {}, { Origin: PAGE })).status).to.equal(401);
      const login = { login: 'user1@example.org', password: 'sturdy-oak-table' };
      for (const headers of [{ Origin: PAGE }, { Origin: PAGE, Authorization: 'Bearer tvk_garbage' }]) {
        const answer = await server.client().post('/auth/login', login, headers as Record<string, string>);
        expect(answer.body).to.include({ status: 403, code: 'foreign_origin' });
        expect(answer.headers.get('set-cookie')).to.equal(null);
      }
    });

    it('answers 403 `foreign_origin` to a page of any other origin, even with an API token', async () => {
      const token = await server.token(await server.user(), 'chat.use');
      const answer = await server.client().post('/chat', {}, { ...bearer(token), Origin: 'https://evil.example' });
      expect(answer.body).to.include({ status: 403, code: 'foreign_origin' });
    });
  });
});
