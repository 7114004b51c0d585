/** Signing in and out, and who am I, over HTTP. */
import { expect } from 'chai';
import { ADMIN, startTestServer, type TestServer } from '../../support/servers/server.ts';
import { onEveryStore } from '../../support/servers/stores.ts';

onEveryStore('HTTP: signing in', () => {
  let server: TestServer;
  before(async () => {
    server = await startTestServer();
  });
  after(() => server.close());

  describe('POST /auth/login', () => {
    it('signs in by e-mail with 200, ignoring case, and sets a cookie that is HttpOnly and SameSite=Lax', async () => {
      const answer = await server
        .client()
        .post('/auth/login', { login: 'ADMIN@Tavernkeep.local', password: ADMIN.password });
      expect(answer.status).to.equal(200);
      expect(answer.body.user).to.include({ email: 'admin@tavernkeep.local', status: 'active' });
      expect(answer.body.session.current).to.equal(true);
      const cookie = answer.headers.get('set-cookie');
      expect(cookie).to.match(/^tavernkeep=[\w-]{43};/);
      for (const attribute of ['HttpOnly', 'SameSite=Lax', 'Path=/']) expect(cookie).to.contain(attribute);
      expect(answer.text).not.to.contain(cookie?.slice('tavernkeep='.length, 54));
    });

    it('signs in by username with 200, ignoring case', async () => {
      const admin = await server.admin();
      const body = { email: 'vex@example.org', username: 'Vex', display_name: 'Vex', password: 'longbow-at-dawn' };
      expect((await admin.post('/admin/users', body)).status).to.equal(201);
      const answer = await server.client().post('/auth/login', { login: 'vEX', password: 'longbow-at-dawn' });
      expect(answer.status).to.equal(200);
    });

    it('answers 401 `sign_in_failed` alike to a wrong password, an unknown login and a password that bcrypt would cut', async () => {
      const attempts = [
        { login: ADMIN.login, password: 'wrong-password' },
        { login: 'nobody@example.org', password: ADMIN.password },
        { login: 'nobody', password: ADMIN.password },
        { login: ADMIN.login, password: 'x'.repeat(500) },
      ];
      const answers = await Promise.all(attempts.map((body) => server.client().post('/auth/login', body)));
      const seen = answers.map(({ status, body }) => ({ status, ...body, request_id: null }));
      expect(new Set(seen.map((one) => JSON.stringify(one)))).to.have.length(1);
      expect(seen[0]).to.include({ status: 401, code: 'sign_in_failed' });
      for (const answer of answers) expect(answer.headers.get('set-cookie')).to.equal(null);
    });

    it('ends the session that the request carried', async () => {
      const client = await server.admin();
      const { cookie: first } = client;
      await client.signIn(ADMIN.login, ADMIN.password);
      expect(client.cookie).not.to.equal(first);
      const old = server.client();
      old.cookie = first;
      expect((await old.get('/auth/me')).status).to.equal(401);
      expect((await client.get('/auth/me')).status).to.equal(200);
    });

    it('keeps the session when signing in again fails (401)', async () => {
      const client = await server.admin();
      expect((await client.post('/auth/login', { login: ADMIN.login, password: 'not-it-at-all' })).status).to.equal(
        401,
      );
      expect((await client.get('/auth/me')).status).to.equal(200);
    });
  });

  describe('POST /auth/logout', () => {
    it('ends the session with 204, and clears the cookie', async () => {
      const client = await server.admin();
      const { cookie } = client;
      const answer = await client.post('/auth/logout');
      expect(answer.status).to.equal(204);
      expect(client.cookie).to.equal(null);
      client.cookie = cookie;
      expect((await client.get('/auth/me')).status).to.equal(401);
    });

    it('answers 204 without a session, too', async () => {
      expect((await server.client().post('/auth/logout')).status).to.equal(204);
    });
  });

  describe('GET /auth/me', () => {
    it('answers 200 with the caller’s roles, permissions and current session', async () => {
      const client = await server.user('gm');
      const { status, body } = await client.get('/auth/me');
      expect(status).to.equal(200);
      expect(body.roles).to.deep.equal(['gm']);
      expect(body.permissions).to.have.members(['games.create', 'games.use', 'sources.read', 'chat.use']);
      expect(body.session.current).to.equal(true);
    });

    it('answers 401 `unauthenticated` without a session, and 401 to an unknown session secret', async () => {
      const client = server.client();
      expect((await client.get('/auth/me')).body).to.include({ status: 401, code: 'unauthenticated' });
      client.cookie = `tavernkeep=${'A'.repeat(43)}`;
      expect((await client.get('/auth/me')).status).to.equal(401);
    });
  });
});
