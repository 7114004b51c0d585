/** Sessions by public id, logging out everywhere, and delays after failures to sign in, over HTTP. */
import { expect } from 'chai';
import { type SinonFakeTimers, useFakeTimers } from 'sinon';
import { AuditQueue } from '#application/audit/audit-queue.ts';
import { aSteward } from '../../support/builders/made-users.ts';
import { ADMIN, type Client, type Json, startTestServer, type TestServer } from '../../support/servers/server.ts';
import { onEveryStore } from '../../support/servers/stores.ts';

onEveryStore('HTTP: sessions', () => {
  let server: TestServer;
  let name = 0;

  beforeEach(async () => {
    server = await startTestServer();
  });
  afterEach(() => server.close());

  /** A new user's client, with what they sign in by. */
  async function aUser(): Promise<{ client: Client; id: string; login: string; password: string }> {
    name += 1;
    const [login, password] = [`scanlan${name}@example.org`, 'sturdy-oak-table'];
    const user = { email: login, username: `scanlan${name}`, display_name: 'Scanlan', password };
    const made = await (await server.admin()).post('/admin/users', user);
    return { client: await server.client().signIn(login, password), id: made.body.id, login, password };
  }

  const signedIn = async (client: Client) => (await client.get('/auth/me')).status === 200;

  describe('GET /auth/sessions', () => {
    it('answers 200 with the caller’s own sessions alone, newest first and the current one marked, and shows no secret', async () => {
      const { client, login, password } = await aUser();
      const second = await server.client().signIn(login, password);
      const { status, body, text } = await second.get('/auth/sessions');
      expect(status).to.equal(200);
      expect(body.items.map((one: Json) => one.current)).to.deep.equal([true, false]);
      expect(body.next_cursor).to.equal(null);
      expect(text).not.to.contain(second.cookie?.split('=')[1] as string);
      expect((await client.get('/auth/sessions')).body.items.map((one: Json) => one.current)).to.deep.equal([
        false,
        true,
      ]);
    });

    it('answers 200 with no more than 400 characters of what a client calls itself', async () => {
      const { login, password } = await aUser();
      const client = server.client();
      await client.post('/auth/login', { login, password }, { 'User-Agent': 'x'.repeat(1_000) });
      const current = (await client.get('/auth/sessions')).body.items.find((one: Json) => one.current);
      expect(current.user_agent).to.equal('x'.repeat(400));
    });

    it('answers 401 without a session, and 403 `session_required` to an API token', async () => {
      expect((await server.client().get('/auth/sessions')).status).to.equal(401);
      const token = await server.token(await server.admin(), 'chat.use');
      const answer = await server.client().get('/auth/sessions', { Authorization: `Bearer ${token}` });
      expect(answer.body).to.include({ status: 403, code: 'session_required' });
    });
  });

  describe('DELETE /auth/sessions/{session_id}', () => {
    it('ends another session of the caller with 204, and leaves the current one signed in', async () => {
      const { client, login, password } = await aUser();
      const other = await server.client().signIn(login, password);
      const [, { id }] = (await other.get('/auth/sessions')).body.items;
      expect((await other.send('DELETE', `/auth/sessions/${id}`, undefined)).status).to.equal(204);
      expect(await signedIn(client)).to.equal(false);
      expect(await signedIn(other)).to.equal(true);
    });

    it('ends the current session with 204, and clears its cookie', async () => {
      const { client } = await aUser();
      const { cookie } = client;
      const [{ id }] = (await client.get('/auth/sessions')).body.items;
      expect((await client.send('DELETE', `/auth/sessions/${id}`, undefined)).status).to.equal(204);
      expect(client.cookie).to.equal(null);
      client.cookie = cookie;
      expect(await signedIn(client)).to.equal(false);
    });

    it('answers 401 to an anonymous caller, and 403 `session_required` to an API token', async () => {
      const path = '/auth/sessions/ses_1';
      expect((await server.client().send('DELETE', path, undefined)).status).to.equal(401);
      const token = await server.token(await server.admin(), 'chat.use');
      const answer = await server.client().send('DELETE', path, undefined, { Authorization: `Bearer ${token}` });
      expect(answer.body).to.include({ status: 403, code: 'session_required' });
    });

    it('answers 404 `session_not_found` for another user’s session, an unknown one and a malformed id', async () => {
      const [{ client }, admin] = [await aUser(), await server.admin()];
      const [{ id }] = (await admin.get('/auth/sessions')).body.items;
      for (const path of [id, 'ses_0', 'nonsense']) {
        const answer = await client.send('DELETE', `/auth/sessions/${path}`, undefined);
        expect(answer.body).to.include({ status: 404, code: 'session_not_found' });
      }
      expect(await signedIn(admin)).to.equal(true);
    });
  });

  describe('POST /auth/logout-all', () => {
    it('destroys all sessions of the caller with 200, and answers 401 to the next request of each (US-REDIS-003)', async () => {
      const { client, login, password } = await aUser();
      const others = [server.client(), server.client()];
      for (const other of others) await other.signIn(login, password);
      const copy = server.client();
      copy.cookie = client.cookie;
      const answer = await client.post('/auth/logout-all');
      expect(answer.body).to.deep.equal({ destroyed: 3 });
      expect(client.cookie).to.equal(null);
      for (const one of [copy, ...others]) expect((await one.get('/auth/me')).status).to.equal(401);
      expect(await signedIn(await server.admin())).to.equal(true);
      expect(await signedIn(await client.signIn(login, password))).to.equal(true);
    });

    it('answers 401 to an anonymous caller, and 403 `session_required` to an API token', async () => {
      expect((await server.client().post('/auth/logout-all')).status).to.equal(401);
      const token = await server.token(await server.admin(), 'chat.use');
      const answer = await server.client().post('/auth/logout-all', undefined, { Authorization: `Bearer ${token}` });
      expect(answer.body).to.include({ status: 403, code: 'session_required' });
    });
  });

  describe('POST /admin/users/{id}/logout-all', () => {
    it('destroys all sessions of the user with 200, and audits it', async () => {
      const [{ client, id }, admin] = [await aUser(), await server.admin()];
      expect((await admin.post(`/admin/users/${id}/logout-all`)).body).to.deep.equal({ destroyed: 1 });
      expect(await signedIn(client)).to.equal(false);
      const [entry] = (await admin.get('/admin/audit?action=sessions.end_all')).body.items;
      const { user } = (await admin.get('/auth/me')).body;
      expect(entry).to.include({ subject: `user:${id}`, outcome: 'done', actor_id: user.id, actor_kind: 'user' });
    });

    it('answers 401 to an anonymous caller, 403 to a player, and 404 `user_not_found` for an unknown user', async () => {
      const { client, id } = await aUser();
      expect((await server.client().post(`/admin/users/${id}/logout-all`)).status).to.equal(401);
      expect((await client.post(`/admin/users/${id}/logout-all`)).body).to.include({ status: 403 });
      const missing = await (await server.admin()).post('/admin/users/usr_0/logout-all');
      expect(missing.body).to.include({ status: 404, code: 'user_not_found' });
    });
  });

  const wrong = (login: string) => server.client().post('/auth/login', { login, password: 'wrong-password' });

  describe('failed and successful sign-ins', () => {
    // On a busy machine a delay of a second is over before the next try.
    let clock: SinonFakeTimers;
    beforeEach(() => {
      clock = useFakeTimers({ now: Date.now(), toFake: ['Date'] });
    });
    afterEach(() => clock.restore());

    const statuses = async (login: string, times: number) => {
      const seen: number[] = [];
      for (let i = 0; i < times; i++) seen.push((await wrong(login)).status);
      return seen;
    };

    it('answers 429 `sign_in_delayed` with Retry-After after five failures, alike for known and unknown logins', async () => {
      const { login } = await aUser();
      const answers = [];
      for (const one of [login, 'nobody@example.org']) {
        expect(await statuses(one, 5)).to.deep.equal([401, 401, 401, 401, 401]);
        answers.push(await wrong(one));
      }
      for (const answer of answers) {
        expect(answer.body).to.include({ status: 429, code: 'sign_in_delayed', retry_after_seconds: 1 });
        expect(answer.headers.get('retry-after')).to.equal('1');
        expect(answer.headers.get('set-cookie')).to.equal(null);
      }
      const [known, unknown] = answers.map(({ body }) => ({ ...body, request_id: null }));
      expect(known).to.deep.equal(unknown);
    });

    it('counts the failures of each name by itself, ignoring case, so that no name tells of another (401, not 429)', async () => {
      const { login, password } = await aUser();
      const username = login.replace('@example.org', '');
      for (const one of [login, login.toUpperCase(), login, login.toUpperCase(), login]) await wrong(one);
      expect((await server.client().post('/auth/login', { login, password })).status).to.equal(429);
      expect((await wrong(username)).status).to.equal(401);
      expect(await statuses(username.toUpperCase(), 4)).to.deep.equal([401, 401, 401, 401]);
      expect((await server.client().post('/auth/login', { login: username, password })).status).to.equal(429);
    });

    it('forgets the earlier failures of both names when a sign-in by one succeeds', async () => {
      const { login, password } = await aUser();
      const username = login.replace('@example.org', '');
      for (const one of [login, username]) await statuses(one, 4);
      await server.client().signIn(login, password);
      for (const one of [login, username]) expect(await statuses(one, 5)).to.deep.equal([401, 401, 401, 401, 401]);
    });

    it('answers 401 to five failures and no more, though thirty come at once; 429 or 503 `hashing_busy` to the others', async () => {
      const { login } = await aUser();
      const answers = await Promise.all(Array.from({ length: 30 }, () => wrong(login)));
      const failed = answers.filter(({ status }) => status === 401).length;
      for (const { status, body } of answers) {
        if (status !== 401) expect(body.code).to.equal(status === 503 ? 'hashing_busy' : 'sign_in_delayed');
      }
      // Those that found no place were not tried, and do not count.
      const later = await statuses(login, 6);
      expect(failed + later.filter((status) => status === 401).length).to.equal(5);
      expect(later.at(-1)).to.equal(429);
    });

    it('answers 429 after twenty failures from one address, even for an account that never failed', async () => {
      for (let i = 0; i < 20; i++) expect((await wrong(`nobody${i}@example.org`)).status).to.equal(401);
      expect((await wrong(ADMIN.login)).status).to.equal(429);
    });

    it('audits a successful sign-in with its user, address, method and session', async () => {
      const [{ login, id, client }, admin] = [await aUser(), await server.admin()];
      const { session } = (await client.get('/auth/me')).body;
      const { items } = (await admin.get(`/admin/audit?action=users.sign_in&actor=${id}`)).body;
      expect(items, login).to.have.length(1);
      const after = { session_id: session.id, through: 'password' };
      expect(items[0]).to.deep.include({
        outcome: 'done',
        actor_kind: 'user',
        subject: `user:${id}`,
        ip: session.ip,
        after,
      });
    });

    it('audits a failed sign-in without what was typed', async () => {
      const [{ login, id }, admin] = [await aUser(), await server.admin()];
      await wrong(login);
      await wrong('my-password-typed-into-the-wrong-field');
      await server.application.container.get(AuditQueue).flush();
      const { body, text } = await admin.get('/admin/audit?action=users.sign_in');
      const failed = body.items.filter((one: Json) => one.outcome === 'failed');
      expect(failed.map((one: Json) => one.subject)).to.have.members([`user:${id}`, null]);
      expect(text).not.to.match(/wrong-password|typed-into/);
    });
  });

  describe('POST /admin/users/{id}/unlock', () => {
    it('answers 204, and the user may sign in at once', async () => {
      const [{ id, login, password }, admin] = [await aUser(), await server.admin()];
      const names = [login, login.replace('@example.org', '')];
      const signIn = (name: string, tried: string) =>
        server.client().post('/auth/login', { login: name, password: tried });
      for (const name of names) {
        for (let i = 0; i < 6; i++) await signIn(name, 'wrong-password');
        expect((await signIn(name, password)).status).to.equal(429);
      }
      expect((await admin.post(`/admin/users/${id}/unlock`)).status).to.equal(204);
      // A refused sign-in, because one that succeeds forgets the failures of both names.
      for (const name of names) expect((await signIn(name, 'wrong-password')).status).to.equal(401);
    });

    it('answers 403 `edit_exceeds_own` for a user with permissions that the caller lacks, who goes on waiting', async () => {
      const admin = await server.admin();
      const { id } = (await admin.get('/auth/me')).body.user;
      const steward = await aSteward(server, admin);
      for (let i = 0; i < 6; i++) await wrong(ADMIN.login);
      const answer = await steward.post(`/admin/users/${id}/unlock`);
      expect(answer.body).to.include({ status: 403, code: 'edit_exceeds_own' });
      expect((await server.client().post('/auth/login', ADMIN)).status).to.equal(429);
      expect((await admin.get(`/admin/audit?action=users.unlock&subject=user:${id}`)).body.items).to.deep.equal([]);
    });

    it('answers 401 to an anonymous caller, 403 to a player, and 404 `user_not_found` for an unknown user', async () => {
      const { client, id } = await aUser();
      expect((await server.client().post(`/admin/users/${id}/unlock`)).status).to.equal(401);
      expect((await client.post(`/admin/users/${id}/unlock`)).body).to.include({ status: 403 });
      const missing = await (await server.admin()).post('/admin/users/usr_0/unlock');
      expect(missing.body).to.include({ status: 404, code: 'user_not_found' });
    });
  });
});
