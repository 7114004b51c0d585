/** Changing a password, and links to set one, over HTTP. */
import { expect } from 'chai';
import type { User } from '#domain/identity/user.ts';
import type { UserId } from '#domain/shared/ids.ts';
import { tokens } from '#infrastructure/wiring/tokens.ts';
import { rounds } from '../../support/reporting/rounds.ts';
import { type Client, startTestServer, type TestServer } from '../../support/servers/server.ts';
import { onEveryStore } from '../../support/servers/stores.ts';

const OLD = 'sturdy-oak-table';
const NEW = 'gilded-raven-quill';

onEveryStore('HTTP: passwords', () => {
  let server: TestServer;
  let name = 0;

  beforeEach(async () => {
    server = await startTestServer();
  });
  afterEach(() => server.close());

  async function aUser(): Promise<{ client: Client; id: string; login: string }> {
    name += 1;
    const user = { email: `percy${name}@example.org`, display_name: 'Percy', password: OLD };
    const made = await (await server.admin()).post('/admin/users', user);
    return { client: await server.client().signIn(user.email, OLD), id: made.body.id, login: user.email };
  }

  const login = async (login: string, password: string) =>
    (await server.client().post('/auth/login', { login, password })).status;

  describe('POST /auth/password', () => {
    it('forgets failures once the right password is told: five more are free', async () => {
      const { client } = await aUser();
      const wrong = async () =>
        (await client.post('/auth/password', { current_password: 'not-it-at-all', new_password: NEW })).status;
      for (let i = 0; i < 4; i += 1) expect(await wrong()).to.equal(401);
      const change = { current_password: OLD, new_password: NEW };
      expect((await client.post('/auth/password', change)).status).to.equal(204);
      for (let i = 0; i < 5; i += 1) expect(await wrong()).to.equal(401);
      expect(await wrong()).to.equal(429);
    });

    it('changes the password with 204, keeps this session and ends the others (401)', async () => {
      const { client, login: email } = await aUser();
      const other = await server.client().signIn(email, OLD);
      const change = { current_password: OLD, new_password: NEW };
      expect((await client.post('/auth/password', change)).status).to.equal(204);
      expect((await client.get('/auth/me')).status).to.equal(200);
      expect((await client.get('/auth/sessions')).body.items).to.have.length(1);
      expect((await other.get('/auth/me')).status).to.equal(401);
      expect([await login(email, OLD), await login(email, NEW)]).to.deep.equal([401, 200]);
    });

    it('sets a first password with 204 for a user who has none, without a current one', async () => {
      const { client, id, login: email } = await aUser();
      await server.application.container.get(tokens.unitOfWork).run(async ({ users, passwordHashes }) => {
        const user = await users.find(id as UserId);
        await users.remove(id as UserId);
        await users.add(user as User);
        expect(await passwordHashes.find(id as UserId)).to.equal(undefined);
      });
      expect((await client.post('/auth/password', { new_password: NEW })).status).to.equal(204);
      expect(await login(email, NEW)).to.equal(200);
    });

    it('answers 400 `password_rejected` with the reason to a bad password, and keeps the old one', async () => {
      const { client, login: email } = await aUser();
      for (const [reason, password] of [
        ['too_short', 'seven77'],
        ['too_common', 'Password123'],
        ['is_email', email],
      ] as const) {
        const answer = await client.post('/auth/password', { current_password: OLD, new_password: password });
        expect(answer.body).to.include({ status: 400, code: 'password_rejected', reason });
      }
      expect(await login(email, OLD)).to.equal(200);
    });

    it('answers 401 `password_wrong` to a wrong or missing current password, and 429 `sign_in_delayed` after five wrong ones', async () => {
      const { client, login: email } = await aUser();
      expect((await client.post('/auth/password', { new_password: NEW })).body).to.include({
        status: 401,
        code: 'password_wrong',
      });
      for (let i = 0; i < 5; i++) {
        const answer = await client.post('/auth/password', { current_password: 'not-it-at-all', new_password: NEW });
        expect(answer.body).to.include({ status: 401, code: 'password_wrong' });
      }
      const delayed = await client.post('/auth/password', { current_password: OLD, new_password: NEW });
      expect(delayed.body).to.include({ status: 429, code: 'sign_in_delayed' });
      expect(await login(email, OLD)).to.equal(429);
    });

    it('answers 401 to an anonymous caller, and 403 `session_required` to an API token', async () => {
      const change = { current_password: OLD, new_password: NEW };
      expect((await server.client().post('/auth/password', change)).status).to.equal(401);
      const token = await server.token((await aUser()).client, 'chat.use');
      const answer = await server.client().post('/auth/password', change, { Authorization: `Bearer ${token}` });
      expect(answer.body).to.include({ status: 403, code: 'session_required' });
    });

    it('lets one of two changes at once succeed (204), and answers 401 to the other', async () => {
      for (let round = 1; round <= rounds(20); round += 1) {
        const { client, login: email } = await aUser();
        const other = await server.client().signIn(email, OLD);
        const passwords = ['quill-and-feather-1', 'quill-and-feather-2'];
        const answers = await Promise.all(
          [client, other].map((one, i) =>
            one.post('/auth/password', { current_password: OLD, new_password: passwords[i] }),
          ),
        );
        expect(answers.map(({ status }) => status).toSorted()).to.deep.equal([204, 401]);
        const winner = answers.findIndex(({ status }) => status === 204);
        expect(await login(email, passwords[winner] as string)).to.equal(200);
      }
    });
  });

  describe('password links', () => {
    const set = (code: string, password = NEW) =>
      server.client().post('/auth/password/set', { code, new_password: password });

    it('are shown once to the maker of a user without a password (201), and work once: 204, then 410 `password_link_ended`', async () => {
      const admin = await server.admin();
      const user = { email: 'pike@example.org', display_name: 'Pike' };
      const made = await admin.post('/admin/users', user);
      const { code, url, expires_at } = made.body.password_link;
      expect(url).to.equal(`${server.url}/#set-password=${code}`);
      expect(Date.parse(expires_at) - Date.now()).to.be.within(86_300_000, 86_400_000);
      expect((await admin.get(`/admin/users/${made.body.id}`)).text).not.to.contain(code);
      expect(await login(user.email, NEW)).to.equal(401);
      expect((await set(code)).status).to.equal(204);
      expect(await login(user.email, NEW)).to.equal(200);
      expect((await set(code, 'another-raven-quill')).body).to.include({ status: 410, code: 'password_link_ended' });
    });

    it('are made by an admin with 201; using one (204) ends the user’s sessions and their sign-in delay', async () => {
      const { client, id, login: email } = await aUser();
      for (let i = 0; i < 6; i++) await login(email, 'wrong-password');
      const link = await (await server.admin()).post(`/admin/users/${id}/password-link`);
      expect(link.status).to.equal(201);
      expect((await client.get('/auth/me')).status).to.equal(200);
      expect((await set(link.body.code)).status).to.equal(204);
      expect((await client.get('/auth/me')).status).to.equal(401);
      expect(await login(email, NEW)).to.equal(200);
    });

    it('are refused with 410 after a later link was made, or after the password was changed', async () => {
      const [{ client, id }, admin] = [await aUser(), await server.admin()];
      const first = (await admin.post(`/admin/users/${id}/password-link`)).body.code;
      const second = (await admin.post(`/admin/users/${id}/password-link`)).body.code;
      expect((await set(first)).status).to.equal(410);
      await client.post('/auth/password', { current_password: OLD, new_password: NEW });
      expect((await set(second)).status).to.equal(410);
    });

    it('stay usable (204) after a bad password, which is refused with 400 `password_rejected`', async () => {
      const { id } = await aUser();
      const { code } = (await (await server.admin()).post(`/admin/users/${id}/password-link`)).body;
      expect((await set(code, 'password1')).body).to.include({ status: 400, code: 'password_rejected' });
      expect((await set(code)).status).to.equal(204);
    });

    it('are refused with 404 `password_link_not_found` when the code is unknown', async () => {
      expect((await set('A'.repeat(43))).body).to.include({ status: 404, code: 'password_link_not_found' });
    });

    it('are not made by an anonymous caller (401) or a player (403), nor for an unknown user (404)', async () => {
      const { client, id } = await aUser();
      expect((await server.client().post(`/admin/users/${id}/password-link`)).status).to.equal(401);
      expect((await client.post(`/admin/users/${id}/password-link`)).status).to.equal(403);
      const admin = await server.admin();
      expect((await admin.post('/admin/users/usr_0/password-link')).body.code).to.equal('user_not_found');
    });

    it('are refused with 403 `edit_exceeds_own` for a user with permissions that the caller lacks', async () => {
      const admin = await server.admin();
      const { id } = (await admin.get('/auth/me')).body.user;
      const role = { name: 'registrar', description: 'Makes users.', permissions: ['users.write', 'users.read'] };
      expect((await admin.post('/admin/roles', role)).status).to.equal(201);
      const registrar = await server.user('registrar');
      const answer = await registrar.post(`/admin/users/${id}/password-link`);
      expect(answer.body).to.include({ status: 403, code: 'edit_exceeds_own' });
    });

    it(`are used by exactly one of eight requests that race (204, the others 410), in ${rounds(100)} rounds`, async function () {
      this.timeout(120_000);
      const [{ id, login: email }, admin] = [await aUser(), await server.admin()];
      for (let round = 1; round <= rounds(100); round += 1) {
        const { code } = (await admin.post(`/admin/users/${id}/password-link`)).body;
        const passwords = Array.from({ length: 8 }, (_, i) => `raven-quill-${round}-${i}`);
        const answers = await Promise.all(passwords.map((password) => set(code, password)));
        expect(answers.map(({ status }) => status).toSorted()).to.deep.equal([204, ...Array(7).fill(410)]);
        const winner = answers.findIndex(({ status }) => status === 204);
        expect(await login(email, passwords[winner] as string)).to.equal(200);
      }
    });
  });
});
