/** What users call themselves, and what nobody may be called, over HTTP. */
import { expect } from 'chai';
import { tokens } from '#infrastructure/wiring/tokens.ts';
import { aMadeUser, PASSWORD } from '../../support/builders/made-users.ts';
import { type Client, startTestServer, type TestServer } from '../../support/servers/server.ts';
import { onEveryStore } from '../../support/servers/stores.ts';

onEveryStore('HTTP: PATCH /auth/me', () => {
  let server: TestServer;
  let admin: Client;
  before(async () => {
    server = await startTestServer();
    admin = await server.admin();
  });
  after(() => server.close());

  const names = { username: 'Percival', display_name: 'Percy' };
  async function aPerson() {
    const user = await aMadeUser(admin);
    return { user, client: await server.client().signIn(user.email, PASSWORD) };
  }
  const changes = async (id: string) =>
    (await admin.get(`/admin/audit?subject=user:${id}&action=users.update`)).body.items;

  it('changes the caller’s own names with 200, audits it by themselves, and lets them sign in by the new one', async () => {
    const { user, client } = await aPerson();
    const answer = await client.patch('/auth/me', names);
    expect(answer.status).to.equal(200);
    expect(answer.body).to.deep.equal({ ...user, ...names });
    expect((await client.get('/auth/me')).body.user).to.deep.equal(answer.body);
    expect((await admin.get(`/admin/users/${user.id}`)).body).to.deep.equal(answer.body);
    await server.client().signIn('PERCIVAL', PASSWORD);
    const [entry, ...others] = await changes(user.id);
    expect(others).to.deep.equal([]);
    expect(entry).to.deep.include({
      actor_id: user.id,
      after: { username_changed: true, display_name_changed: true },
    });
    expect((await client.patch('/auth/me', { username: null })).body.username).to.equal(null);
  });

  it('answers 200 when nothing is different, and does not audit it', async () => {
    const { user, client } = await aPerson();
    for (const body of [{}, { display_name: user.display_name, username: null }])
      expect((await client.patch('/auth/me', body)).body).to.deep.equal(user);
    expect(await changes(user.id)).to.deep.equal([]);
  });

  it('answers 409 `username_taken` to a name that another user has, and changes neither', async () => {
    const [{ client }, { user, client: second }] = [await aPerson(), await aPerson()];
    await client.patch('/auth/me', { username: 'Vesper' });
    const taken = await second.patch('/auth/me', { username: 'vESPER', display_name: 'V' });
    expect(taken.body).to.include({ status: 409, code: 'username_taken' });
    expect((await second.get('/auth/me')).body.user).to.deep.equal(user);
  });

  it('answers 400 to names that look like others’, to admins and strangers too, and to any other field', async () => {
    const { user, client } = await aPerson();
    for (const [field, name] of [
      ['username', 'kеeper'],
      ['display_name', 'Ve\u202ex'],
    ] as const) {
      const code = `${field}_invalid`;
      const made = { email: 'confusable@example.org', display_name: 'C', password: PASSWORD, [field]: name };
      const answers = [
        await client.patch('/auth/me', { [field]: name }),
        await admin.change(`/admin/users/${user.id}`, { [field]: name }),
        await admin.post('/admin/users', made),
      ];
      for (const { body } of answers) expect(body).to.include({ status: 400, code });
    }
    for (const body of [{ email: 'a@example.org' }, { roles: ['admin'] }, { status: 'active' }])
      expect((await client.patch('/auth/me', body)).body.code).to.equal('invalid_input');
    expect((await client.get('/auth/me')).body.user).to.deep.equal(user);
  });

  it('answers 401 to an anonymous caller, and 403 `session_required` to an API token', async () => {
    expect((await server.client().patch('/auth/me', names)).status).to.equal(401);
    const headers = { Authorization: `Bearer ${await server.token(admin, 'chat.use')}` };
    expect((await server.client().patch('/auth/me', names, headers)).body.code).to.equal('session_required');
  });

  it('lets users who have such names from before keep them, and change the other', async () => {
    const { user, client } = await aPerson();
    await server.application.container.get(tokens.unitOfWork).run(async ({ users }) => {
      const stored = await users.find(user.id);
      if (stored !== undefined) await users.save({ ...stored, username: 'kee\u200bper' });
    });
    await server.client().signIn('kee\u200bper', PASSWORD);
    const answer = await client.patch('/auth/me', { username: 'kee\u200bper', display_name: 'Renamed' });
    expect(answer.body).to.include({ username: 'kee\u200bper', display_name: 'Renamed' });
  });
});
