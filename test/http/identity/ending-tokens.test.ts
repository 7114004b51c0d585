/** How all of a user's API tokens end at once and for good, and how many a user can have, over HTTP. */
import { expect } from 'chai';
import { aMadeUser, PASSWORD } from '../../support/builders/made-users.ts';
import { rounds } from '../../support/reporting/rounds.ts';
import { type Client, type Json, startTestServer, type TestServer } from '../../support/servers/server.ts';
import { onEveryStore } from '../../support/servers/stores.ts';

onEveryStore('HTTP: the end of API tokens', () => {
  let server: TestServer;
  let admin: Client;
  let adminId: string;
  before(async () => {
    server = await startTestServer();
    admin = await server.admin();
    adminId = (await admin.get('/auth/me')).body.user.id;
  });
  after(() => server.close());

  type Person = Readonly<{ client: Client; id: string; email: string }>;

  async function aPerson(): Promise<Person> {
    const { id, email } = await aMadeUser(admin);
    return { client: await server.client().signIn(email, PASSWORD), id, email };
  }

  const issue = (client: Client) => client.post('/auth/tokens', { name: 'bot', scopes: ['chat.use'] });
  const opens = async (token: string) =>
    (await server.client().get('/auth/me', { Authorization: `Bearer ${token}` })).status === 200;
  const setStatus = (id: string, status: string) => admin.change(`/admin/users/${id}`, { status });
  const audited = async (id: string) => {
    const { items } = (await admin.get(`/admin/audit?subject=user:${id}&action=tokens.revoke_all`)).body;
    return items.map(({ actor_id, after }: Json) => ({ actor_id, after }));
  };

  async function setByLink({ id }: Person): Promise<void> {
    const { code } = (await admin.post(`/admin/users/${id}/password-link`)).body;
    const answer = await server.client().post('/auth/password/set', { code, new_password: PASSWORD });
    expect(answer.status).to.equal(204);
  }

  /** Each way with who is told to have ended the tokens: null where nobody was signed in. */
  const ways: Readonly<Record<string, [by: (id: string) => string | null, end: (person: Person) => Promise<unknown>]>> =
    {
      'disabled, and enabled again': [
        () => adminId,
        async ({ id }) => [await setStatus(id, 'disabled'), await setStatus(id, 'active')],
      ],
      'given a new password by a link': [() => null, setByLink],
      'logged out everywhere by an admin': [() => adminId, ({ id }) => admin.post(`/admin/users/${id}/logout-all`)],
      'freed of their tokens by an admin': [() => adminId, ({ id }) => admin.delete(`/admin/users/${id}/tokens`)],
      'logged out everywhere by themselves, tokens included': [
        (id) => id,
        ({ client }) => client.post('/auth/logout-all', { tokens: true }),
      ],
      'changing their password, tokens included': [
        (id) => id,
        ({ client }) =>
          client.post('/auth/password', {
            current_password: PASSWORD,
            new_password: 'another-oak-table',
            tokens: true,
          }),
      ],
    };
  for (const [done, [by, end]] of Object.entries(ways)) {
    it(`of a user who is ${done}: each is revoked, once, and audited; other users keep theirs`, async () => {
      const [person, other] = [await aPerson(), await aPerson()];
      const tokens = [(await issue(person.client)).body.token, (await issue(person.client)).body.token];
      const kept = (await issue(other.client)).body.token;
      for (const token of [...tokens, kept]) expect(await opens(token)).to.equal(true);
      await end(person);
      expect(await Promise.all([...tokens, kept].map(opens))).to.deep.equal([false, false, true]);
      expect(await audited(person.id)).to.deep.equal([{ actor_id: by(person.id), after: { tokens: 2 } }]);
      const again = await server.client().post('/auth/login', { login: person.email, password: PASSWORD });
      if (again.status === 200) await person.client.signIn(person.email, PASSWORD);
      const { items } = (await person.client.get('/auth/tokens')).body;
      for (const { revoked_at } of items) expect(revoked_at).to.be.a('string');
      expect(items).to.have.length(2);
    });
  }

  it('does not come with the user’s own logout or password change unless they say so', async () => {
    const { client, email } = await aPerson();
    const { token } = (await issue(client)).body;
    const change = { current_password: PASSWORD, new_password: 'another-oak-table' };
    expect((await client.post('/auth/password', change)).status).to.equal(204);
    for (const body of [undefined, {}, { tokens: false }]) {
      await client.signIn(email, 'another-oak-table');
      expect((await client.post('/auth/logout-all', body)).status).to.equal(200);
    }
    expect(await opens(token)).to.equal(true);
    await client.signIn(email, 'another-oak-table');
    expect((await client.post('/auth/logout-all', { tokens: 'yes' })).status).to.equal(400);
  });

  describe('DELETE /admin/users/{id}/tokens', () => {
    it('answers 204 and leaves the user’s sessions; again it changes and audits nothing', async () => {
      const { client, id } = await aPerson();
      await issue(client);
      for (const _ of [1, 2]) expect((await admin.delete(`/admin/users/${id}/tokens`)).status).to.equal(204);
      expect((await client.get('/auth/me')).status).to.equal(200);
      expect(await audited(id)).to.have.length(1);
    });

    it('answers 401 to an anonymous caller, 403 without `sessions.revoke`, and 404 for an unknown user', async () => {
      const { client, id } = await aPerson();
      const { token } = (await issue(client)).body;
      expect((await server.client().delete(`/admin/users/${id}/tokens`)).status).to.equal(401);
      const refused = await client.delete(`/admin/users/${id}/tokens`);
      expect(refused.body).to.include({ status: 403, permission: 'sessions.revoke' });
      expect((await admin.delete('/admin/users/usr_missing/tokens')).body.code).to.equal('user_not_found');
      expect(await opens(token)).to.equal(true);
    });
  });

  it(`leaves none that was issued or rotated at that very moment, in ${rounds(50)} rounds`, async function () {
    this.timeout(120_000);
    for (let round = 1; round <= rounds(50); round += 1) {
      const { client, id } = await aPerson();
      const { id: rotated, token } = (await issue(client)).body;
      const racing = [
        ...Array.from({ length: 4 }, () => issue(client)),
        client.post(`/auth/tokens/${rotated}/rotate`, { grace_seconds: 600 }),
        ...Array.from({ length: 4 }, () => issue(client)),
      ];
      await Promise.all([setStatus(id, 'disabled'), ...racing]);
      await setStatus(id, 'active');
      const answers = await Promise.all(racing);
      for (const { status } of answers) expect(status).to.be.oneOf([201, 401, 403, 409]);
      const told = [token, ...answers.flatMap(({ body }) => body.token ?? [])];
      for (const one of told) expect(await opens(one), `round ${round}`).to.equal(false);
    }
  });

  it('answers 409 `tokens_full` from the 51st usable token on, though 60 are asked for at once', async () => {
    const { client, id } = await aPerson();
    const answers = await Promise.all(Array.from({ length: 60 }, () => issue(client)));
    const issued = answers.filter(({ status }) => status === 201);
    const refused = answers.filter(({ body }) => body.code === 'tokens_full');
    // A store may be too busy for some of sixty at once; it says so, and issues none of them.
    const busy = answers.filter(({ status }) => status === 503);
    expect(issued.length + refused.length + busy.length).to.equal(60);
    for (let left = 50 - issued.length; left > 0; left -= 1) expect((await issue(client)).status).to.equal(201);
    expect((await issue(client)).body).to.include({ status: 409, code: 'tokens_full', max: 50 });
    const usable = (await client.get('/auth/tokens?limit=200')).body.items;
    expect(usable).to.have.length(50);
    const [first, second] = usable;
    const beside = await client.post(`/auth/tokens/${first.id}/rotate`, { grace_seconds: 60 });
    expect(beside.body.code).to.equal('tokens_full');
    expect((await client.post(`/auth/tokens/${first.id}/rotate`)).status).to.equal(201);
    await client.delete(`/auth/tokens/${second.id}`);
    expect((await issue(client)).status).to.equal(201);
    expect(await audited(id)).to.deep.equal([]);
  });
});
