/** Roles over HTTP: their administration, and who holds them. */
import { expect } from 'chai';
import { aMadeUser, aSteward, PASSWORD } from '../../support/builders/made-users.ts';
import { type Client, type Json, startTestServer, type TestServer } from '../../support/servers/server.ts';
import { onEveryStore } from '../../support/servers/stores.ts';

onEveryStore('HTTP: roles', () => {
  let server: TestServer;
  let admin: Client;
  let made = 0;
  before(async () => {
    server = await startTestServer();
    admin = await server.admin();
  });
  after(() => server.close());

  const call = (client: Client, method: string, path: string, body?: unknown) =>
    client.send(method, path, body === undefined ? undefined : JSON.stringify(body), {
      ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
      'If-Match': '*',
    });
  async function aRole(...permissions: readonly string[]): Promise<string> {
    made += 1;
    const answer = await admin.post('/admin/roles', { name: `role-${made}`, permissions });
    if (answer.status !== 201) throw new Error(answer.text);
    return answer.body.name;
  }

  describe('GET /admin/roles and GET /admin/roles/{name}', () => {
    it('answers 200 with all roles in the order of their names, and with one role and its ETag', async () => {
      const { body } = await admin.get('/admin/roles');
      const names = body.items.map((role: { name: string }) => role.name);
      expect(names).to.include.members(['admin', 'developer', 'gm', 'player']);
      expect(names).to.deep.equal(names.toSorted());
      const one = await admin.get('/admin/roles/gm');
      expect(one.body).to.deep.include({ name: 'gm', builtin: true });
      expect(one.body.permissions).to.deep.equal(['chat.use', 'games.create', 'games.use', 'sources.read']);
      expect(one.headers.get('etag')).to.be.a('string');
    });

    it('answers 403 to a player, and 404 `role_not_found` for an unknown role and a malformed name', async () => {
      expect((await (await server.user()).get('/admin/roles')).status).to.equal(403);
      for (const name of ['druid', 'No%20Name', 'A'])
        expect((await admin.get(`/admin/roles/${name}`)).body.code).to.equal('role_not_found');
    });
  });

  describe('POST /admin/roles', () => {
    it('answers 201 with the role and its permissions, each once and in order, and audits them', async () => {
      const permissions = ['sources.read', 'chat.use', 'chat.use'];
      const answer = await admin.post('/admin/roles', { name: 'bard', description: 'Sings.', permissions });
      expect(answer.status).to.equal(201);
      expect(answer.body).to.deep.equal({
        name: 'bard',
        description: 'Sings.',
        builtin: false,
        permissions: ['chat.use', 'sources.read'],
      });
      const [entry] = (await admin.get('/admin/audit?subject=role:bard')).body.items;
      expect(entry).to.deep.include({
        action: 'roles.create',
        after: { description: 'Sings.', permissions: ['chat.use', 'sources.read'] },
      });
    });

    it('answers 400 to an invalid or missing name, an unknown permission and an unknown field', async () => {
      for (const body of [{ name: 'No Name' }, { name: 'x', permissions: ['fly'] }, { name: 'x', builtin: true }, {}])
        expect((await admin.post('/admin/roles', body)).status, JSON.stringify(body)).to.equal(400);
    });

    it('answers 403 `grant_exceeds_own` to permissions that the caller lacks, and makes no role', async () => {
      const client = await server.user(await aRole('roles.write', 'roles.read', 'chat.use'));
      const answer = await client.post('/admin/roles', { name: 'too-much', permissions: ['chat.use', 'users.write'] });
      expect(answer.body).to.deep.include({ status: 403, code: 'grant_exceeds_own', lacking: ['users.write'] });
      expect((await admin.get('/admin/roles/too-much')).status).to.equal(404);
    });

    it('answers 409 `role_name_taken` to a taken name, and 201 to exactly one of eight who race for a name', async () => {
      expect((await admin.post('/admin/roles', { name: 'gm' })).body.code).to.equal('role_name_taken');
      const answers = await Promise.all(Array.from({ length: 8 }, () => admin.post('/admin/roles', { name: 'raced' })));
      expect(answers.map(({ status }) => status).toSorted()).to.deep.equal([201, ...Array(7).fill(409)]);
    });
  });

  describe('PATCH and DELETE /admin/roles/{name}', () => {
    it('changes the description with 200, and deletes with 204 a role that no user holds', async () => {
      const name = await aRole('chat.use');
      const answer = await call(admin, 'PATCH', `/admin/roles/${name}`, { description: 'Said anew.' });
      expect(answer.body).to.deep.include({ name, description: 'Said anew.', permissions: ['chat.use'] });
      expect((await call(admin, 'DELETE', `/admin/roles/${name}`)).status).to.equal(204);
      expect((await call(admin, 'DELETE', `/admin/roles/${name}`)).body.code).to.equal('role_not_found');
    });

    it('answers 403 `edit_exceeds_own` for a role with permissions that the caller lacks', async () => {
      const client = await server.user(await aRole('roles.write', 'chat.use'));
      const name = await aRole('users.write');
      const before = (await admin.get(`/admin/roles/${name}`)).body;
      const answers = [
        await call(client, 'PATCH', `/admin/roles/${name}`, { description: 'Mine.' }),
        await call(client, 'DELETE', `/admin/roles/${name}`),
        await call(client, 'DELETE', `/admin/roles/${name}/permissions/users.write`),
      ];
      for (const { body } of answers)
        expect(body).to.deep.include({ status: 403, code: 'edit_exceeds_own', lacking: ['users.write'] });
      expect((await admin.get(`/admin/roles/${name}`)).body).to.deep.equal(before);
    });

    it('answers 409 `builtin_role` for a built-in role, and `role_in_use` for one that even a disabled user holds', async () => {
      const before = (await admin.get('/admin/roles')).body;
      for (const answer of [
        await call(admin, 'PATCH', '/admin/roles/gm', { description: 'Mine.' }),
        await call(admin, 'DELETE', '/admin/roles/gm'),
        await call(admin, 'PUT', '/admin/roles/player/permissions/games.create'),
        await call(admin, 'DELETE', '/admin/roles/admin/permissions/users.write'),
      ])
        expect(answer.body).to.include({ status: 409, code: 'builtin_role' });
      expect((await admin.get('/admin/roles')).body).to.deep.equal(before);
      const name = await aRole('chat.use');
      const { id } = (await (await server.user(name)).get('/auth/me')).body.user;
      await call(admin, 'PATCH', `/admin/users/${id}`, { status: 'disabled' });
      const inUse = await call(admin, 'DELETE', `/admin/roles/${name}`);
      expect(inUse.body).to.include({ status: 409, code: 'role_in_use' });
      expect((await admin.get(`/admin/roles/${name}`)).body.permissions).to.deep.equal(['chat.use']);
    });

    it('answers 412 `stale` to an outdated ETag, and 428 `precondition_required` without If-Match', async () => {
      const name = await aRole('chat.use');
      const path = `/admin/roles/${name}`;
      const tag = (await admin.get(path)).headers.get('etag') as string;
      await call(admin, 'PUT', `${path}/permissions/sources.read`);
      const json = { 'Content-Type': 'application/json' };
      const body = JSON.stringify({ description: 'Late.' });
      expect((await admin.send('PATCH', path, body, { ...json, 'If-Match': tag })).body.code).to.equal('stale');
      expect((await admin.send('PATCH', path, body, json)).body.code).to.equal('precondition_required');
    });
  });

  describe('PUT and DELETE /admin/roles/{name}/permissions/{permission}', () => {
    it('answers 200, applies to every holder from the next request on, and changes and audits nothing when repeated', async () => {
      const name = await aRole('chat.use');
      const holders = [await server.user(name), await server.user(name, 'player')];
      const may = async () => {
        const answers = await Promise.all(holders.map((holder) => holder.get('/auth/me')));
        return answers.map(({ body }) => body.permissions.includes('audit.read'));
      };
      expect(await may()).to.deep.equal([false, false]);
      const path = `/admin/roles/${name}/permissions/audit.read`;
      for (let again = 0; again < 2; again += 1)
        expect((await call(admin, 'PUT', path)).body).to.deep.equal({ permissions: ['audit.read', 'chat.use'] });
      expect(await may()).to.deep.equal([true, true]);
      expect((await holders[0]?.get('/admin/audit'))?.status).to.equal(200);
      for (let again = 0; again < 2; again += 1)
        expect((await call(admin, 'DELETE', path)).body).to.deep.equal({ permissions: ['chat.use'] });
      expect(await may()).to.deep.equal([false, false]);
      const { items } = (await admin.get(`/admin/audit?subject=role:${name}&action=roles.update`)).body;
      expect(items).to.have.length(2);
    });

    it('answers 403 `grant_exceeds_own` to a permission that the caller lacks', async () => {
      const own = await aRole('roles.write', 'chat.use');
      const client = await server.user(own);
      const answer = await call(client, 'PUT', `/admin/roles/${own}/permissions/users.write`);
      expect(answer.body).to.deep.include({ status: 403, code: 'grant_exceeds_own', lacking: ['users.write'] });
      expect((await admin.get(`/admin/roles/${own}`)).body.permissions).to.deep.equal(['chat.use', 'roles.write']);
    });

    it('answers 404 `role_not_found` for an unknown role, and `permission_not_found` for an unknown permission', async () => {
      const name = await aRole();
      expect((await call(admin, 'PUT', `/admin/roles/${name}/permissions/fly`)).body.code).to.equal(
        'permission_not_found',
      );
      expect((await call(admin, 'PUT', '/admin/roles/druid/permissions/chat.use')).body.code).to.equal(
        'role_not_found',
      );
    });
  });

  describe('GET /admin/permissions', () => {
    it('answers 200 with the permissions and a description of each, and 403 to a player', async () => {
      const { items: permissions } = (await admin.get('/admin/permissions')).body;
      const names = permissions.map((one: { name: string }) => one.name);
      expect(names).to.include.members(['users.read', 'chat.compact']);
      expect(names).to.deep.equal([...names].sort());
      for (const one of permissions) expect(one.description).to.match(/\.$/);
      expect((await (await server.user()).get('/admin/permissions')).status).to.equal(403);
    });
  });

  describe('POST /admin/users/{id}/roles and DELETE /admin/users/{id}/roles/{role}', () => {
    it('answers 200, applies from the user’s next request on, and changes and audits nothing when repeated', async () => {
      const user = await aMadeUser(admin);
      const client = await server.client().signIn(user.email, PASSWORD);
      const permissions = async () => (await client.get('/auth/me')).body.permissions;
      expect(await permissions()).not.to.include('games.create');
      const path = `/admin/users/${user.id}/roles`;
      for (let again = 0; again < 2; again += 1)
        expect((await admin.post(path, { role: 'gm' })).body).to.deep.equal({ roles: ['gm', 'player'] });
      expect(await permissions()).to.include('games.create');
      for (let again = 0; again < 2; again += 1)
        expect((await admin.delete(`${path}/gm`)).body).to.deep.equal({ roles: ['player'] });
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

    it('answers 403 to a caller who gives, even to themselves, or takes a role with permissions that they lack', async () => {
      const client = await aSteward(server, admin);
      const { id } = (await client.get('/auth/me')).body.user;
      const rolesOf = async (user: string) => (await admin.get(`/admin/users/${user}`)).body.roles;
      for (const to of [id, (await aMadeUser(admin)).id]) {
        const before = await rolesOf(to);
        const answer = await client.post(`/admin/users/${to}/roles`, { role: 'admin' });
        expect(answer.body).to.include({ status: 403, code: 'grant_exceeds_own' });
        expect(await rolesOf(to)).to.deep.equal(before);
      }
      const adminId = (await admin.get('/auth/me')).body.user.id;
      const taken = await client.delete(`/admin/users/${adminId}/roles/admin`);
      expect(taken.body).to.include({ status: 403, code: 'edit_exceeds_own' });
      expect(await rolesOf(adminId)).to.deep.equal(['admin']);
    });

    it('answers 404 `user_not_found` for an unknown user, and `role_not_found` for an unknown role', async () => {
      const { id } = await aMadeUser(admin);
      expect((await admin.post('/admin/users/usr_missing/roles', { role: 'gm' })).body.code).to.equal('user_not_found');
      expect((await admin.post(`/admin/users/${id}/roles`, { role: 'druid' })).body.code).to.equal('role_not_found');
      for (const role of ['druid', 'No Role'])
        expect((await admin.delete(`/admin/users/${id}/roles/${role}`)).body.code).to.equal('role_not_found');
    });
  });

  it('can be 100 beside the built-in ones, and 20 of one user; one more is 409 `roles_full`, `user_roles_full`', async () => {
    const own = async (): Promise<string[]> =>
      (await admin.get('/admin/roles?limit=200')).body.items.filter((role: Json) => !role.builtin).map(nameOf);
    const nameOf = (role: Json): string => role.name;
    for (let count = (await own()).length; count < 97; count += 1) await aRole();
    const racing = ['a', 'b', 'c', 'd', 'e', 'f'].map((name) => admin.post('/admin/roles', { name: `late-${name}` }));
    const answers = await Promise.all(racing);
    expect(answers.map(({ status }) => status).toSorted()).to.deep.equal([201, 201, 201, 409, 409, 409]);
    const refused = answers.find(({ status }) => status === 409);
    expect(refused?.body).to.include({ code: 'roles_full', max: 100 });
    const names = await own();
    expect(names).to.have.length(100);

    const user = await aMadeUser(admin, ...names.slice(0, 20));
    const more = await admin.post(`/admin/users/${user.id}/roles`, { role: names[20] });
    expect(more.body).to.include({ status: 409, code: 'user_roles_full', max: 20 });
    expect((await admin.get(`/admin/users/${user.id}`)).body.roles).to.deep.equal(user.roles);
    expect((await admin.post(`/admin/users/${user.id}/roles`, { role: names[0] })).status).to.equal(200);
    for (const name of names.slice(20))
      expect((await call(admin, 'DELETE', `/admin/roles/${name}`)).status).to.be.oneOf([204, 409]);
    expect((await admin.post('/admin/roles', { name: 'another' })).status).to.equal(201);
  });
});
