/** Signing in and out, who am I, and new users, over HTTP. */
import { expect } from 'chai';
import { ADMIN, startTestServer, type TestServer } from '../../support/servers/server.ts';
import { onEveryStore } from '../../support/servers/stores.ts';

onEveryStore('HTTP: identity', () => {
  let server: TestServer;
  before(async () => {
    server = await startTestServer();
  });
  after(() => server.close());

  describe('POST /auth/login', () => {
    it('200: signs in by e-mail whatever its case, and sets a cookie that scripts and other sites cannot use', async () => {
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

    it('200: signs in by username', async () => {
      const admin = await server.admin();
      const body = { email: 'vex@example.org', username: 'Vex', display_name: 'Vex', password: 'longbow-at-dawn' };
      expect((await admin.post('/admin/users', body)).status).to.equal(201);
      const answer = await server.client().post('/auth/login', { login: 'vEX', password: 'longbow-at-dawn' });
      expect(answer.status).to.equal(200);
    });

    it('401: one answer for a wrong password, an unknown login and a password that bcrypt would cut', async () => {
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

    it('keeps the session where signing in again fails', async () => {
      const client = await server.admin();
      expect((await client.post('/auth/login', { login: ADMIN.login, password: 'not-it-at-all' })).status).to.equal(
        401,
      );
      expect((await client.get('/auth/me')).status).to.equal(200);
    });
  });

  describe('POST /auth/logout', () => {
    it('204: ends the session and clears the cookie', async () => {
      const client = await server.admin();
      const { cookie } = client;
      const answer = await client.post('/auth/logout');
      expect(answer.status).to.equal(204);
      expect(client.cookie).to.equal(null);
      client.cookie = cookie;
      expect((await client.get('/auth/me')).status).to.equal(401);
    });

    it('204: without a session, too', async () => {
      expect((await server.client().post('/auth/logout')).status).to.equal(204);
    });
  });

  describe('GET /auth/me', () => {
    it('200: user, roles, permissions and session', async () => {
      const client = await server.user('gm');
      const { status, body } = await client.get('/auth/me');
      expect(status).to.equal(200);
      expect(body.roles).to.deep.equal(['gm']);
      expect(body.permissions).to.have.members(['games.create', 'sources.read', 'chat.use']);
      expect(body.session.current).to.equal(true);
    });

    it('401: without a session, and with a secret that nobody has', async () => {
      const client = server.client();
      expect((await client.get('/auth/me')).body).to.include({ status: 401, code: 'unauthenticated' });
      client.cookie = `tavernkeep=${'A'.repeat(43)}`;
      expect((await client.get('/auth/me')).status).to.equal(401);
    });
  });

  describe('POST /admin/users', () => {
    const user = (name: string) => ({ email: `${name}@example.org`, display_name: name, password: 'sturdy-oak-table' });

    it('201: a player unless roles are given', async () => {
      const admin = await server.admin();
      const player = await admin.post('/admin/users', user('pike'));
      expect(player.status).to.equal(201);
      expect(player.body.roles).to.deep.equal(['player']);
      const gm = await admin.post('/admin/users', { ...user('matt'), roles: ['player', 'gm', 'gm'] });
      expect(gm.body.roles).to.deep.equal(['gm', 'player']);
      expect(player.text).not.to.contain('password');
    });

    it('400: names every fault', async () => {
      const admin = await server.admin();
      const { status, body } = await admin.post('/admin/users', {
        email: 'no',
        username: 'a@b',
        password: 'x',
        nick: 1,
      });
      expect(status).to.equal(400);
      expect(body.code).to.equal('invalid_input');
      const paths = body.errors.map((one: { path: string }) => one.path);
      expect(paths).to.include.members(['body.email', 'body.username', 'body.display_name']);
      expect(body.detail).to.contain('nick');
    });

    for (const [reason, password] of [
      ['too_short', 'seven77'],
      ['too_long', 'ü'.repeat(37)],
      ['is_email', 'Grog@Example.org'],
    ] as const) {
      it(`400: a password that is ${reason}, with that reason`, async () => {
        const admin = await server.admin();
        const { status, body } = await admin.post('/admin/users', { ...user('grog'), password });
        expect(status).to.equal(400);
        expect(body).to.include({ code: 'password_rejected', reason });
      });
    }

    it('401 and 403: for nobody, for a player', async () => {
      expect((await server.client().post('/admin/users', user('a'))).status).to.equal(401);
      const answer = await (await server.user()).post('/admin/users', user('a'));
      expect(answer.body).to.include({ status: 403, code: 'permission_missing', permission: 'users.write' });
    });

    it('404: a role that there is not; nothing is stored', async () => {
      const admin = await server.admin();
      const answer = await admin.post('/admin/users', { ...user('keyleth'), roles: ['druid'] });
      expect(answer.body).to.include({ status: 404, code: 'role_not_found', role: 'druid' });
      expect((await admin.post('/admin/users', user('keyleth'))).status).to.equal(201);
    });

    it('409: an e-mail or a username that is taken, whatever its case', async () => {
      const admin = await server.admin();
      await admin.post('/admin/users', { ...user('scanlan'), username: 'Scanlan' });
      const email = await admin.post('/admin/users', { ...user('x'), email: 'SCANLAN@example.org' });
      expect(email.body).to.include({ status: 409, code: 'email_taken' });
      const username = await admin.post('/admin/users', { ...user('y'), username: 'sCANLAN' });
      expect(username.body).to.include({ status: 409, code: 'username_taken' });
    });

    it('409: exactly one of eight who race for an e-mail is made', async () => {
      const admin = await server.admin();
      const answers = await Promise.all(Array.from({ length: 8 }, () => admin.post('/admin/users', user('racer'))));
      expect(answers.map(({ status }) => status).toSorted()).to.deep.equal([201, ...Array(7).fill(409)]);
    });
  });
});
