/** The administration of users over HTTP. */
import { expect } from 'chai';
import { ADMIN, type Client, type Json, startTestServer, type TestServer } from '../../support/servers/server.ts';
import { currentStore, onEveryStore } from '../../support/servers/stores.ts';

onEveryStore('HTTP: administration of users', () => {
  let server: TestServer;
  let admin: Client;
  let made = 0;
  before(async () => {
    server = await startTestServer();
    admin = await server.admin();
  });
  after(() => server.close());

  const PASSWORD = 'sturdy-oak-table';
  async function aUser(...roles: readonly string[]): Promise<Json> {
    made += 1;
    const body = { email: `made${made}@example.org`, display_name: `Made ${made}`, password: PASSWORD };
    const answer = await admin.post('/admin/users', { ...body, roles: roles.length > 0 ? roles : ['player'] });
    if (answer.status !== 201) throw new Error(answer.text);
    return answer.body;
  }
  const patch = (client: Client, path: string, body: unknown, ifMatch = '*') =>
    client.send('PATCH', path, JSON.stringify(body), { 'Content-Type': 'application/json', 'If-Match': ifMatch });
  const remove = (client: Client, path: string) => client.send('DELETE', path, undefined);
  const me = async () => (await admin.get('/auth/me')).body.user;
  /** Somebody who may administer users and roles, and no more. */
  async function steward(): Promise<Client> {
    made += 1;
    const name = `steward-${made}`;
    const own = ['users.read', 'users.write', 'roles.read', 'roles.write', 'roles.assign'];
    const permissions = [...own, 'sources.read', 'chat.use'];
    const answer = await admin.post('/admin/roles', { name, permissions });
    if (answer.status !== 201) throw new Error(answer.text);
    const user = await aUser(name);
    return server.client().signIn(user.email, PASSWORD);
  }

  describe('GET /admin/users', () => {
    it('200: pages, newest first, and what the filters say', async () => {
      const users = [await aUser('gm'), await aUser('gm'), await aUser('player')];
      const first = await admin.get('/admin/users?limit=2');
      expect(first.body.items.map((user: Json) => user.id)).to.deep.equal([users[2].id, users[1].id]);
      const second = await admin.get(`/admin/users?limit=1&cursor=${first.body.next_cursor}`);
      expect(second.body.items.map((user: Json) => user.id)).to.deep.equal([users[0].id]);
      const found = await admin.get(`/admin/users?query=${users[0].email.toUpperCase()}&role=gm&status=active`);
      expect(found.body).to.deep.equal({ items: [users[0]], next_cursor: null });
    });

    it('400: a filter, a limit or a cursor that cannot be', async () => {
      for (const query of ['status=gone', 'limit=0', 'limit=201', 'who=me'])
        expect((await admin.get(`/admin/users?${query}`)).body.code, query).to.equal('invalid_input');
      for (const cursor of ['x', 'Int9', Buffer.from('{"at":1}').toString('base64url')])
        expect((await admin.get(`/admin/users?cursor=${cursor}`)).body.code).to.equal('malformed_cursor');
    });

    it('401 and 403: for nobody, for a player', async () => {
      expect((await server.client().get('/admin/users')).status).to.equal(401);
      expect((await (await server.user()).get('/admin/users')).status).to.equal(403);
    });
  });

  describe('GET /admin/users/{id}', () => {
    it('200: one user, with an entity tag', async () => {
      const user = await aUser();
      const answer = await admin.get(`/admin/users/${user.id}`);
      expect(answer.body).to.deep.equal(user);
      expect(answer.headers.get('etag')).to.match(/^"[\w-]+"$/);
    });

    it('404: nobody, and what is no id', async () => {
      for (const id of ['usr_missing', 'thr_1', 'x']) {
        expect((await admin.get(`/admin/users/${id}`)).body.code).to.equal('user_not_found');
      }
    });
  });

  describe('PATCH /admin/users/{id}', () => {
    it('200: changes names, and signs in by them alone', async () => {
      const user = await aUser();
      const change = { email: `New-${user.email}`, username: `Name${made}`, display_name: 'Renamed' };
      const answer = await patch(admin, `/admin/users/${user.id}`, change);
      expect(answer.status).to.equal(200);
      expect(answer.body).to.deep.equal({ ...user, ...change, email: change.email.toLowerCase() });
      await server.client().signIn(`NAME${made}`, PASSWORD);
      const old = await server.client().post('/auth/login', { login: user.email, password: PASSWORD });
      expect(old.status).to.equal(401);
      const without = await patch(admin, `/admin/users/${user.id}`, { username: null });
      expect(without.body.username).to.equal(null);
    });

    it('200: disabling ends sessions at once, for good, and keeps from signing in', async () => {
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

    it('200: nothing to change is no change, and not in the audit', async () => {
      const user = await aUser();
      expect((await patch(admin, `/admin/users/${user.id}`, {})).body).to.deep.equal(user);
      expect((await patch(admin, `/admin/users/${user.id}`, { display_name: user.display_name })).status).to.equal(200);
      const audit = await admin.get(`/admin/audit?subject=user:${user.id}&action=users.update`);
      expect(audit.body.items).to.deep.equal([]);
    });

    it('400: fields that there are not, and names that cannot be', async () => {
      const user = await aUser();
      for (const body of [{ roles: ['admin'] }, { email: 'no' }, { username: 'a@b' }, { status: 'gone' }, { id: 'x' }])
        expect((await patch(admin, `/admin/users/${user.id}`, body)).status, JSON.stringify(body)).to.equal(400);
    });

    it('403: one who holds what the actor lacks', async () => {
      const answer = await patch(await steward(), `/admin/users/${(await me()).id}`, { display_name: 'Mine' });
      expect(answer.body).to.include({ status: 403, code: 'edit_exceeds_own' });
      expect(answer.body.lacking).to.include('audit.read');
    });

    it('404: nobody', async () => {
      expect((await patch(admin, '/admin/users/usr_missing', { display_name: 'X' })).status).to.equal(404);
    });

    it('409: names that others have, whatever the case', async () => {
      const [user, other] = [await aUser(), await aUser()];
      await patch(admin, `/admin/users/${other.id}`, { username: `Other${made}` });
      const email = await patch(admin, `/admin/users/${user.id}`, { email: other.email.toUpperCase() });
      expect(email.body.code).to.equal('email_taken');
      const username = await patch(admin, `/admin/users/${user.id}`, { username: `oTHER${made}` });
      expect(username.body.code).to.equal('username_taken');
    });

    it('409 last_admin: the last active admin cannot be disabled, demoted or deleted, by himself neither', async () => {
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

    it('412 and 428: another version, and none named', async () => {
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
    it('204: ends his sessions at once; nothing of him is found, his private threads neither', async () => {
      const user = await aUser();
      const client = await server.client().signIn(user.email, PASSWORD);
      await client.post('/chat', { title: 'Mine' });
      expect((await remove(admin, `/admin/users/${user.id}`)).status).to.equal(204);
      expect((await client.get('/auth/me')).status).to.equal(401);
      expect((await admin.get(`/admin/users/${user.id}`)).status).to.equal(404);
      expect((await remove(admin, `/admin/users/${user.id}`)).status).to.equal(404);
      const { items } = (await admin.get(`/admin/audit?subject=user:${user.id}&action=users.delete`)).body;
      expect(items[0].before).to.include({ email: user.email });
    });

    it('403: one who holds what the actor lacks', async () => {
      const answer = await remove(await steward(), `/admin/users/${(await me()).id}`);
      expect(answer.body.code).to.equal('edit_exceeds_own');
    });
  });

  describe('POST /admin/users/{id}/roles and DELETE /admin/users/{id}/roles/{role}', () => {
    it('200: from the next request on, and again is fine', async () => {
      const user = await aUser();
      const client = await server.client().signIn(user.email, PASSWORD);
      const permissions = async () => (await client.get('/auth/me')).body.permissions;
      expect(await permissions()).not.to.include('games.create');
      const path = `/admin/users/${user.id}/roles`;
      for (let again = 0; again < 2; again += 1)
        expect((await admin.post(path, { role: 'gm' })).body).to.deep.equal({ roles: ['gm', 'player'] });
      expect(await permissions()).to.include('games.create');
      for (let again = 0; again < 2; again += 1)
        expect((await remove(admin, `${path}/gm`)).body).to.deep.equal({ roles: ['player'] });
      expect(await permissions()).not.to.include('games.create');
      const audited = (await admin.get(`/admin/audit?subject=user:${user.id}`)).body.items;
      expect(audited.map((entry: Json) => entry.action)).to.deep.equal([
        'roles.revoke',
        'roles.assign',
        'users.sign_in',
        'users.create',
      ]);
      expect(audited[0]).to.deep.include({ before: { roles: ['gm', 'player'] }, after: { roles: ['player'] } });
    });

    it('403: a role that holds what the actor lacks, be it for himself', async () => {
      const client = await steward();
      const { id } = (await client.get('/auth/me')).body.user;
      for (const to of [id, (await aUser()).id]) {
        const answer = await client.post(`/admin/users/${to}/roles`, { role: 'admin' });
        expect(answer.body.code).to.equal('grant_exceeds_own');
      }
      const taken = await remove(client, `/admin/users/${(await me()).id}/roles/admin`);
      expect(taken.body.code).to.equal('edit_exceeds_own');
    });

    it('404: nobody, and no such role', async () => {
      const { id } = await aUser();
      expect((await admin.post('/admin/users/usr_missing/roles', { role: 'gm' })).body.code).to.equal('user_not_found');
      expect((await admin.post(`/admin/users/${id}/roles`, { role: 'druid' })).body.code).to.equal('role_not_found');
      for (const role of ['druid', 'No Role'])
        expect((await remove(admin, `/admin/users/${id}/roles/${role}`)).body.code).to.equal('role_not_found');
    });
  });

  describe('GET /admin/stats', () => {
    it('200: counts what there is, and names the adapters in use', async () => {
      const before = (await admin.get('/admin/stats')).body;
      const sessions = currentStore() === 'memory' ? 'memory' : 'embedded';
      expect(before.adapters).to.include({ records: currentStore(), sessions, token_estimator: 'chars_div_4' });
      const client = await server.user('gm');
      await client.post('/games', { name: 'The Sunken Crypt' });
      const { id } = (await client.post('/chat', {})).body;
      for (const content of ['One.', 'Two.', 'Three.']) await client.post(`/chat/${id}`, { content });
      const after = (await admin.get('/admin/stats')).body;
      const more = { users: 1, games: 1, sources: 0, threads: 1, messages: 3, compactions: 0 };
      for (const [name, count] of Object.entries(more)) expect(after[name] - before[name], name).to.equal(count);
      expect(after.sessions).to.be.greaterThan(before.sessions);
    });

    it('401 and 403: for nobody, for a gm', async () => {
      expect((await server.client().get('/admin/stats')).status).to.equal(401);
      expect((await (await server.user('gm')).get('/admin/stats')).status).to.equal(403);
    });
  });

  it('tells the audit of those who were not allowed, by the route and not by the path', async () => {
    const player = await server.user();
    const { id } = (await player.get('/auth/me')).body.user;
    await player.get('/admin/users/usr_secret');
    await server.client().post('/auth/login', { login: ADMIN.login, password: 'wrong-password-typed' });
    let refused: Json;
    do {
      [refused] = (await admin.get(`/admin/audit?action=access.refuse&actor=${id}`)).body.items;
    } while (refused === undefined);
    expect(refused).to.deep.include({
      actor_kind: 'user',
      subject: 'route:GET /admin/users/{id}',
      outcome: 'refused',
      after: { code: 'permission_missing' },
    });
    let failed: Json;
    do {
      const { items } = (await admin.get('/admin/audit?action=users.sign_in')).body;
      failed = items.find((one: Json) => one.outcome === 'failed');
    } while (failed === undefined);
    expect(failed).to.include({ actor_kind: 'anonymous' });
    expect(JSON.stringify((await admin.get('/admin/audit?limit=200')).body)).not.to.contain('wrong-password-typed');
  });
});
