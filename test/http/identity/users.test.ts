/** Users over HTTP: made, found, changed and deleted by admins, and registered by themselves. */
import { expect } from 'chai';
import { tokens } from '#infrastructure/wiring/tokens.ts';
import { aMadeUser, aSteward, PASSWORD } from '../../support/builders/made-users.ts';
import { type Client, type Json, startTestServer, type TestServer } from '../../support/servers/server.ts';
import { onEveryStore } from '../../support/servers/stores.ts';

onEveryStore('HTTP: users', () => {
  let server: TestServer;
  let admin: Client;
  before(async () => {
    server = await startTestServer();
    admin = await server.admin();
  });
  after(() => server.close());

  const aUser = (...roles: readonly string[]) => aMadeUser(admin, ...roles);
  const steward = () => aSteward(server, admin);
  const patch = (client: Client, path: string, body: unknown, ifMatch = '*') =>
    client.send('PATCH', path, JSON.stringify(body), { 'Content-Type': 'application/json', 'If-Match': ifMatch });
  const remove = (client: Client, path: string) => client.send('DELETE', path, undefined);
  const me = async () => (await admin.get('/auth/me')).body.user;

  describe('GET /admin/users', () => {
    it('answers 200 with users in pages, newest first, and only with those that match the filters', async () => {
      const users = [await aUser('gm'), await aUser('gm'), await aUser('player')];
      const first = await admin.get('/admin/users?limit=2');
      expect(first.body.items.map((user: Json) => user.id)).to.deep.equal([users[2].id, users[1].id]);
      const second = await admin.get(`/admin/users?limit=1&cursor=${first.body.next_cursor}`);
      expect(second.body.items.map((user: Json) => user.id)).to.deep.equal([users[0].id]);
      const found = await admin.get(`/admin/users?query=${users[0].email.toUpperCase()}&role=gm&status=active`);
      expect(found.body).to.deep.equal({ items: [users[0]], next_cursor: null });
    });

    it('answers 400 `invalid_input` to an invalid filter or limit, and `malformed_cursor` to an invalid cursor', async () => {
      for (const query of ['status=gone', 'limit=0', 'limit=201', 'who=me'])
        expect((await admin.get(`/admin/users?${query}`)).body.code, query).to.equal('invalid_input');
      for (const cursor of ['x', 'Int9', Buffer.from('{"at":1}').toString('base64url')])
        expect((await admin.get(`/admin/users?cursor=${cursor}`)).body.code).to.equal('malformed_cursor');
    });

    it('answers 401 to an anonymous caller, and 403 to a player without `users.write`', async () => {
      expect((await server.client().get('/admin/users')).status).to.equal(401);
      expect((await (await server.user()).get('/admin/users')).status).to.equal(403);
    });
  });

  describe('GET /admin/users/{id}', () => {
    it('answers 200 with the user and an ETag', async () => {
      const user = await aUser();
      const answer = await admin.get(`/admin/users/${user.id}`);
      expect(answer.body).to.deep.equal(user);
      expect(answer.headers.get('etag')).to.match(/^"[\w-]+"$/);
    });

    it('answers 404 `user_not_found` for an unknown user and a malformed id', async () => {
      for (const id of ['usr_missing', 'thr_1', 'x']) {
        expect((await admin.get(`/admin/users/${id}`)).body.code).to.equal('user_not_found');
      }
    });
  });

  describe('PATCH /admin/users/{id}', () => {
    it('changes a user’s names with 200; they then sign in by the new username, and not by the old e-mail (401)', async () => {
      const user = await aUser();
      const change = { email: `New-${user.email}`, username: 'Trinket', display_name: 'Renamed' };
      const answer = await patch(admin, `/admin/users/${user.id}`, change);
      expect(answer.status).to.equal(200);
      expect(answer.body).to.deep.equal({ ...user, ...change, email: change.email.toLowerCase() });
      await server.client().signIn('TRINKET', PASSWORD);
      const old = await server.client().post('/auth/login', { login: user.email, password: PASSWORD });
      expect(old.status).to.equal(401);
      const without = await patch(admin, `/admin/users/${user.id}`, { username: null });
      expect(without.body.username).to.equal(null);
    });

    it('disables a user with 200, ends their sessions at once and for good (401), and refuses their sign-ins (401)', async () => {
      const user = await aUser();
      const client = await server.client().signIn(user.email, PASSWORD);
      expect((await patch(admin, `/admin/users/${user.id}`, { status: 'disabled' })).body.status).to.equal('disabled');
      expect((await client.get('/auth/me')).status).to.equal(401);
      const login = { login: user.email, password: PASSWORD };
      expect((await server.client().post('/auth/login', login)).status).to.equal(401);
      await patch(admin, `/admin/users/${user.id}`, { status: 'active' });
      expect((await client.get('/auth/me')).status).to.equal(401);
      expect((await server.client().post('/auth/login', login)).status).to.equal(200);
    });

    it('answers 200 when nothing is different, and does not audit it', async () => {
      const user = await aUser();
      expect((await patch(admin, `/admin/users/${user.id}`, {})).body).to.deep.equal(user);
      expect((await patch(admin, `/admin/users/${user.id}`, { display_name: user.display_name })).status).to.equal(200);
      const audit = await admin.get(`/admin/audit?subject=user:${user.id}&action=users.update`);
      expect(audit.body.items).to.deep.equal([]);
    });

    it('answers 400 to unknown fields, invalid names and an unknown status', async () => {
      const user = await aUser();
      for (const body of [{ roles: ['admin'] }, { email: 'no' }, { username: 'a@b' }, { status: 'gone' }, { id: 'x' }])
        expect((await patch(admin, `/admin/users/${user.id}`, body)).status, JSON.stringify(body)).to.equal(400);
    });

    it('answers 403 `edit_exceeds_own` for a user with permissions that the caller lacks', async () => {
      const answer = await patch(await steward(), `/admin/users/${(await me()).id}`, { display_name: 'Mine' });
      expect(answer.body).to.include({ status: 403, code: 'edit_exceeds_own' });
      expect(answer.body.lacking).to.include('audit.read');
    });

    it('answers 404 for an unknown user', async () => {
      expect((await patch(admin, '/admin/users/usr_missing', { display_name: 'X' })).status).to.equal(404);
    });

    it('answers 409 `email_taken` or `username_taken` to a name that another user has, ignoring case', async () => {
      const [user, other] = [await aUser(), await aUser()];
      await patch(admin, `/admin/users/${other.id}`, { username: 'Other' });
      const email = await patch(admin, `/admin/users/${user.id}`, { email: other.email.toUpperCase() });
      expect(email.body.code).to.equal('email_taken');
      const username = await patch(admin, `/admin/users/${user.id}`, { username: 'oTHER' });
      expect(username.body.code).to.equal('username_taken');
    });

    it('answers 409 `last_admin` to the last active admin who disables, demotes or deletes themselves', async () => {
      const { id } = await me();
      const answers = [
        await patch(admin, `/admin/users/${id}`, { status: 'disabled' }),
        await remove(admin, `/admin/users/${id}/roles/admin`),
        await remove(admin, `/admin/users/${id}`),
      ];
      expect(answers.map(({ body }) => body.code)).to.deep.equal(['last_admin', 'last_admin', 'last_admin']);
      const second = await aUser('admin');
      await patch(admin, `/admin/users/${second.id}`, { status: 'disabled' });
      expect((await remove(admin, `/admin/users/${id}`)).body.code).to.equal('last_admin');
      expect((await me()).status).to.equal('active');
    });

    it('answers 412 `stale` to an outdated ETag, and 428 `precondition_required` without If-Match', async () => {
      const user = await aUser();
      const path = `/admin/users/${user.id}`;
      const tag = (await admin.get(path)).headers.get('etag') as string;
      const changed = await patch(admin, path, { display_name: 'First' }, tag);
      expect(changed.status).to.equal(200);
      expect((await patch(admin, path, { display_name: 'Second' }, tag)).body.code).to.equal('stale');
      const newTag = changed.headers.get('etag') as string;
      expect((await patch(admin, path, { display_name: 'Second' }, newTag)).status).to.equal(200);
      const body = JSON.stringify({ display_name: 'Third' });
      const none = await admin.send('PATCH', path, body, { 'Content-Type': 'application/json' });
      expect(none.body.code).to.equal('precondition_required');
    });
  });

  describe('DELETE /admin/users/{id}', () => {
    it('deletes the user with 204, ends their sessions at once (401), and audits who they were; then answers 404', async () => {
      const user = await aUser();
      const client = await server.client().signIn(user.email, PASSWORD);
      const thread = (await client.post('/chat', { title: 'Mine' })).body.id;
      expect((await remove(admin, `/admin/users/${user.id}`)).status).to.equal(204);
      expect((await client.get('/auth/me')).status).to.equal(401);
      expect(await server.application.container.get(tokens.threads).find(thread)).to.equal(undefined);
      expect((await admin.get(`/admin/users/${user.id}`)).status).to.equal(404);
      expect((await remove(admin, `/admin/users/${user.id}`)).status).to.equal(404);
      const { items } = (await admin.get(`/admin/audit?subject=user:${user.id}&action=users.delete`)).body;
      expect(items[0].before).to.deep.equal({ status: 'active', roles: user.roles });
    });

    it('answers 403 `edit_exceeds_own` for a user with permissions that the caller lacks', async () => {
      const answer = await remove(await steward(), `/admin/users/${(await me()).id}`);
      expect(answer.body.code).to.equal('edit_exceeds_own');
    });
  });

  describe('POST /admin/users', () => {
    const user = (name: string) => ({ email: `${name}@example.org`, display_name: name, password: PASSWORD });

    it('makes the user a player with 201 unless roles are given, and shows no password', async () => {
      const player = await admin.post('/admin/users', user('pike'));
      expect(player.status).to.equal(201);
      expect(player.body.roles).to.deep.equal(['player']);
      const gm = await admin.post('/admin/users', { ...user('matt'), roles: ['player', 'gm', 'gm'] });
      expect(gm.body.roles).to.deep.equal(['gm', 'player']);
      expect(player.text).not.to.contain('password');
    });

    it('US-DB-001: makes a GM with 201 and their id, and stores them with their role', async () => {
      const { status, body } = await admin.post('/admin/users', { ...user('liam'), roles: ['gm'] });
      expect(status).to.equal(201);
      const stored = await server.application.container.get(tokens.reads).users.findByLogin('liam@example.org');
      expect(stored).to.deep.include({ id: body.id, email: 'liam@example.org', roles: ['gm'] });
    });

    it('answers 400 `invalid_input`, and names every fault', async () => {
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
      it(`answers 400 password_rejected to a bad password, with the reason ${reason}`, async () => {
        const { status, body } = await admin.post('/admin/users', { ...user('grog'), password });
        expect(status).to.equal(400);
        expect(body).to.include({ code: 'password_rejected', reason });
      });
    }

    it('answers 401 to an anonymous caller, and 403 to a player without `users.write`', async () => {
      expect((await server.client().post('/admin/users', user('a'))).status).to.equal(401);
      const answer = await (await server.user()).post('/admin/users', user('a'));
      expect(answer.body).to.include({ status: 403, code: 'permission_missing', permission: 'users.write' });
    });

    it('answers 404 `role_not_found` to an unknown role, and stores no user', async () => {
      const answer = await admin.post('/admin/users', { ...user('keyleth'), roles: ['druid'] });
      expect(answer.body).to.include({ status: 404, code: 'role_not_found', role: 'druid' });
      expect((await admin.post('/admin/users', user('keyleth'))).status).to.equal(201);
    });

    it('answers 409 `email_taken` or `username_taken` to a name that another user has, ignoring case', async () => {
      await admin.post('/admin/users', { ...user('scanlan'), username: 'Scanlan' });
      const email = await admin.post('/admin/users', { ...user('x'), email: 'SCANLAN@example.org' });
      expect(email.body).to.include({ status: 409, code: 'email_taken' });
      const username = await admin.post('/admin/users', { ...user('y'), username: 'sCANLAN' });
      expect(username.body).to.include({ status: 409, code: 'username_taken' });
    });

    it('answers 201 to exactly one of eight who race for an e-mail, and 409 to the others', async () => {
      const answers = await Promise.all(Array.from({ length: 8 }, () => admin.post('/admin/users', user('racer'))));
      expect(answers.map(({ status }) => status).toSorted()).to.deep.equal([201, ...Array(7).fill(409)]);
    });
  });

  describe('POST /auth/register', () => {
    const account = { email: 'Tary@Example.org', display_name: 'Tary', password: PASSWORD };
    let open: TestServer;
    beforeEach(async () => {
      open = await startTestServer({ REGISTRATION: 'open' });
    });
    afterEach(() => open.close());

    it('makes a player with 201, who can then sign in', async () => {
      const { status, body } = await open.client().post('/auth/register', { ...account, username: 'Taryon' });
      expect(status).to.equal(201);
      expect(body.user).to.deep.include({ email: 'tary@example.org', username: 'Taryon', roles: ['player'] });
      await open.client().signIn('taryon', PASSWORD);
    });

    it('answers 400 to a common password and to given roles, and 409 to a taken e-mail or username', async () => {
      const client = open.client();
      const common = await client.post('/auth/register', { ...account, password: 'iloveyou' });
      expect(common.body).to.include({ status: 400, code: 'password_rejected', reason: 'too_common' });
      expect((await client.post('/auth/register', { ...account, roles: ['admin'] })).status).to.equal(400);
      const confusable = await client.post('/auth/register', { ...account, username: 'kеeper' });
      expect(confusable.body).to.include({ status: 400, code: 'username_invalid' });
      await client.post('/auth/register', { ...account, username: 'Taryon' });
      expect((await client.post('/auth/register', account)).body).to.include({ status: 409, code: 'email_taken' });
      const name = await client.post('/auth/register', { ...account, email: 'b@example.org', username: 'TARYON' });
      expect(name.body).to.include({ status: 409, code: 'username_taken' });
    });

    it('answers 403 `registration_closed` by default', async () => {
      const answer = await server.client().post('/auth/register', account);
      expect(answer.body).to.include({ status: 403, code: 'registration_closed' });
    });
  });
});
