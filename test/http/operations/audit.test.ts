/** The audit log over HTTP: in pages, and as a download. */
import { expect } from 'chai';
import { AuditQueue } from '#application/audit/audit-queue.ts';
import { tokens } from '#infrastructure/wiring/tokens.ts';
import { anAuditEntry, at } from '../../support/builders/records.ts';
import { ADMIN, type Client, type Json, startTestServer, type TestServer } from '../../support/servers/server.ts';
import { onEveryStore } from '../../support/servers/stores.ts';

onEveryStore('HTTP: audit', () => {
  let server: TestServer;
  let admin: Client;
  before(async () => {
    server = await startTestServer();
    admin = await server.admin();
    const unitOfWork = server.application.container.get(tokens.unitOfWork);
    await unitOfWork.run(async ({ audit }) => {
      for (let n = 0; n < 210; n += 1)
        await audit.add(anAuditEntry({ action: 'roles.create', subject: `role:role-${n}`, at: at(n) }));
    });
  });
  after(() => server.close());

  describe('GET /admin/audit', () => {
    it('answers 200 with the entries newest first, in pages without a gap or a repetition', async () => {
      const seen: Json[] = [];
      let cursor = '';
      do {
        const { body } = await admin.get(`/admin/audit?action=roles.create&limit=100${cursor}`);
        seen.push(...body.items);
        cursor = body.next_cursor === null ? '' : `&cursor=${body.next_cursor}`;
      } while (cursor !== '');
      const names = seen.map((entry) => entry.subject);
      expect(names).to.deep.equal(Array.from({ length: 210 }, (_, n) => `role:role-${209 - n}`));
    });

    it('answers 200 with the actor, action, subject, time, address and request id of an entry', async () => {
      const requestId = 'a-request-of-mine';
      await admin.post('/admin/roles', { name: 'traced' }, { 'X-Request-Id': requestId });
      const { user } = (await admin.get('/auth/me')).body;
      const [entry] = (await admin.get('/admin/audit?subject=role:traced')).body.items;
      expect(entry).to.deep.include({
        actor_id: user.id,
        actor_kind: 'user',
        action: 'roles.create',
        subject: 'role:traced',
        outcome: 'done',
        before: null,
        request_id: requestId,
      });
      expect(entry.ip).to.match(/127\.0\.0\.1$/);
      const since = await admin.get(`/admin/audit?since=${entry.at}&actor=${user.id}`);
      expect(since.body.items.map((one: Json) => one.id)).to.include(entry.id);
      const later = new Date(Date.parse(entry.at) + 60_000).toISOString();
      expect((await admin.get(`/admin/audit?since=${later}`)).body.items).to.deep.equal([]);
    });

    it('answers 200 to a developer, 401 to an anonymous caller, and 403 to a GM', async () => {
      expect((await (await server.user('developer')).get('/admin/audit')).status).to.equal(200);
      expect((await server.client().get('/admin/audit')).status).to.equal(401);
      expect((await (await server.user('gm')).get('/admin/audit')).status).to.equal(403);
    });

    it('answers 400 `invalid_input` to an invalid time, parameter or limit, and `malformed_cursor` to an invalid cursor', async () => {
      for (const query of ['since=yesterday', 'who=me', 'limit=x'])
        expect((await admin.get(`/admin/audit?${query}`)).body.code, query).to.equal('invalid_input');
      expect((await admin.get('/admin/audit?cursor=x')).body.code).to.equal('malformed_cursor');
    });
  });

  describe('GET /admin/audit/export', () => {
    it('answers 200 with every matching entry as the list shows it, one JSON object per line', async () => {
      const answer = await admin.get('/admin/audit/export?action=roles.create');
      expect(answer.status).to.equal(200);
      expect(answer.headers.get('content-type')).to.equal('application/x-ndjson');
      const lines = answer.text
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line));
      expect(lines.length).to.be.at.least(210);
      const listed = (await admin.get('/admin/audit?action=roles.create&limit=200')).body.items;
      expect(lines.slice(0, 200)).to.deep.equal(listed);
    });

    it('answers 200 with an empty body when no entry matches, and audits the export itself', async () => {
      const { status, text } = await admin.get('/admin/audit/export?action=dragons.tame');
      expect({ status, text }).to.deep.equal({ status: 200, text: '' });
      const [entry] = (await admin.get('/admin/audit?action=audit.export')).body.items;
      expect(entry.after).to.deep.equal({ filter: { action: 'dragons.tame' } });
    });

    it('answers 400 to an invalid filter, 401 to an anonymous caller, and 403 to a GM', async () => {
      expect((await admin.get('/admin/audit/export?since=x')).status).to.equal(400);
      expect((await server.client().get('/admin/audit/export')).status).to.equal(401);
      expect((await (await server.user('gm')).get('/admin/audit/export')).status).to.equal(403);
    });
  });

  it('audits refused calls by route, not by path, and failed sign-ins without the password that was typed', async () => {
    const player = await server.user();
    const { id } = (await player.get('/auth/me')).body.user;
    await player.get('/admin/users/usr_secret');
    await server.client().post('/auth/login', { login: ADMIN.login, password: 'wrong-password-typed' });
    await server.application.container.get(AuditQueue).flush();
    const [refused] = (await admin.get(`/admin/audit?action=access.refuse&actor=${id}`)).body.items;
    expect(refused).to.deep.include({
      actor_kind: 'user',
      subject: 'route:GET /admin/users/{id}',
      outcome: 'refused',
      after: { code: 'permission_missing' },
    });
    const { items } = (await admin.get('/admin/audit?action=users.sign_in')).body;
    const failed = items.find((one: Json) => one.outcome === 'failed');
    expect(failed).to.include({ actor_kind: 'anonymous' });
    expect(failed.after).to.have.all.keys('login_digest');
    expect(failed.after.login_digest).to.match(/^[0-9a-f]{64}$/);
    expect(JSON.stringify((await admin.get('/admin/audit?limit=200')).body)).not.to.contain('wrong-password-typed');
  });

  it('never holds a password, its hash, a token, a code, a session secret or what was said', async () => {
    const [password, changed, wrong, said] = [
      'first-secret-77',
      'second-secret-88',
      'wrong-secret-99',
      'words-of-mine-55',
    ];
    const user = { email: 'secretive@example.org', display_name: 'Secretive' };
    const { id } = (await admin.post('/admin/users', { ...user, password, roles: ['gm'] })).body;
    const linked = (await admin.post('/admin/users', { ...user, email: 'linked@example.org' })).body;
    const client = await server.client().signIn(user.email, password);
    const { token } = (await client.post('/auth/tokens', { name: 'bot', scopes: ['chat.use'] })).body;
    const game = (await client.post('/games', { name: 'The Crypt' })).body.id;
    const invitation = (await client.post(`/games/${game}/invitations`, {})).body;
    const thread = (await client.post('/chat', { title: said, game_id: game })).body.id;
    await client.post(`/chat/${thread}`, { content: said });
    await client.post('/auth/password', { current_password: password, new_password: changed });
    await server.client().post('/auth/login', { login: wrong, password: wrong });
    await admin.post(`/admin/users/${id}/password-link`);
    await admin.send('DELETE', `/admin/users/${linked.id}`, undefined);
    const secrets = [password, changed, wrong, said, token, invitation.code, linked.password_link.code];
    for (const secret of secrets) expect(secret).to.be.a('string').with.length.greaterThan(10);
    await server.application.container.get(AuditQueue).flush();
    const { text } = await admin.get('/admin/audit/export');
    expect(text).to.match(/users\.sign_in.*failed/);
    expect(text).to.contain(`user:${id}`);
    for (const secret of secrets) expect(text).not.to.contain(secret);
    for (const { cookie } of [admin, client]) expect(text).not.to.contain(cookie?.split('=')[1]);
    expect(text).not.to.match(/[$]2[aby][$]/);
  });
});
