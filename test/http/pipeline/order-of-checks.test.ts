/** Which of two faults in one request is answered: the earlier in the order of checks, for every neighbouring pair. */
import { expect } from 'chai';
import { newId } from '../../support/builders/records.ts';
import { type Answer, type Client, startTestServer, type TestServer } from '../../support/servers/server.ts';
import { onEveryStore } from '../../support/servers/stores.ts';

/** A thing with another one beside it whose name it cannot take. */
type Taken = Readonly<{ path: string; change: object; code: string }>;

/** Everything that is edited with a tag and can be refused for what else there is: 409, when all else is right. */
const CONFLICTS: Readonly<Record<string, (admin: Client) => Promise<Taken>>> = {
  'a user whose new e-mail is taken': async (admin) => {
    const [one, other] = [await aUser(admin), await aUser(admin)];
    return { path: `/admin/users/${one.id}`, change: { email: other.email }, code: 'email_taken' };
  },
  'a user whose new username is taken': async (admin) => {
    const [one, username] = [await aUser(admin), newId('user')];
    await aUser(admin, { username });
    return { path: `/admin/users/${one.id}`, change: { username }, code: 'username_taken' };
  },
  'disabling the last admin': async (admin) => {
    const { id } = (await admin.get('/auth/me')).body.user;
    return { path: `/admin/users/${id}`, change: { status: 'disabled' }, code: 'last_admin' };
  },
  'a built-in role': async () => ({
    path: '/admin/roles/gm',
    change: { description: 'Ours.' },
    code: 'builtin_role',
  }),
  'a source whose new title is taken': async (admin) => {
    const [mine, title] = [newId('source'), newId('source')];
    await admin.post('/sources', { title });
    const { id } = (await admin.post('/sources', { title: mine })).body;
    return { path: `/sources/${id}`, change: { title }, code: 'source_taken' };
  },
};

async function aUser(admin: Client, fields: object = {}): Promise<{ id: string; email: string }> {
  const body = { email: `${newId('user')}@example.com`, display_name: 'One', password: 'sturdy-oak-table' };
  const made = await admin.post('/admin/users', { ...body, ...fields });
  if (made.status !== 201) throw new Error(made.text);
  return made.body;
}

const TEXT = { 'Content-Type': 'text/plain' };
const JSON_TYPE = { 'Content-Type': 'application/json' };
const STALE = { 'If-Match': '"what-was-once"' };
const HUGE = `"${'x'.repeat(1024 * 1024)}`;

const seen = ({ status, body }: Answer) => [status, body.code];

onEveryStore('HTTP: the order of checks', () => {
  let server: TestServer;
  let admin: Client;
  before(async () => {
    server = await startTestServer();
    admin = await server.admin();
  });
  after(() => server.close());

  const patch = (client: Client, path: string, body: string, headers: Record<string, string>) =>
    client.send('PATCH', path, body, headers);
  const tagOf = async (path: string) => ({ 'If-Match': (await admin.get(path)).headers.get('etag') ?? '' });
  async function aRole(...permissions: readonly string[]): Promise<string> {
    const name = newId('user').replace('usr_', 'keeper-');
    const made = await admin.post('/admin/roles', { name, permissions });
    if (made.status !== 201) throw new Error(made.text);
    return name;
  }

  describe('body, session, permission, schema and resource', () => {
    for (const path of ['/admin/users/usr_missing', '/admin/roles/missing', '/sources/src_missing']) {
      it(`answers 413, 415, 400, 401, 403, 400 and 404, in this order, to PATCH ${path}`, async () => {
        const [nobody, player] = [server.client(), await server.user('player')];
        const [syntax, schema, right] = ['{"no_such_field":', '{"no_such_field":1}', '{}'];
        expect(seen(await patch(nobody, path, HUGE, TEXT))).to.deep.equal([413, 'body_too_large']);
        expect(seen(await patch(nobody, path, syntax, TEXT))).to.deep.equal([415, 'unsupported_media_type']);
        expect(seen(await patch(nobody, path, syntax, JSON_TYPE))).to.deep.equal([400, 'malformed_json']);
        expect(seen(await patch(nobody, path, schema, JSON_TYPE))).to.deep.equal([401, 'unauthenticated']);
        expect(seen(await patch(player, path, schema, JSON_TYPE))).to.deep.equal([403, 'permission_missing']);
        expect(seen(await patch(admin, path, schema, JSON_TYPE))).to.deep.equal([400, 'invalid_input']);
        expect((await patch(admin, path, right, JSON_TYPE)).status).to.equal(404);
      });
    }

    it('answers 413, 415, 400, 401, 400 and 404, in this order, to PATCH of a game, which needs no permission', async () => {
      const [nobody, player, path] = [server.client(), await server.user('player'), '/games/gam_missing'];
      expect((await patch(nobody, path, HUGE, TEXT)).status).to.equal(413);
      expect((await patch(nobody, path, '{', TEXT)).status).to.equal(415);
      expect((await patch(nobody, path, '{', JSON_TYPE)).status).to.equal(400);
      expect((await patch(nobody, path, '{"name":1}', JSON_TYPE)).status).to.equal(401);
      expect((await patch(player, path, '{"name":1}', JSON_TYPE)).status).to.equal(400);
      expect((await patch(player, path, '{}', JSON_TYPE)).status).to.equal(404);
    });
  });

  describe('an invalid body (400) before the resource (404, 403)', () => {
    it('answers 400 `invalid_input` to an invalid body even when the id is malformed, and 404 to a valid one', async () => {
      for (const [path, body] of [
        ['/admin/users/%00', '{"status":"gone"}'],
        ['/admin/roles/NO', '{"description":1}'],
        ['/games/1', '{"name":1}'],
        ['/sources/thr_1', '{"title":1}'],
      ] as const) {
        expect(seen(await patch(admin, path, body, JSON_TYPE)), path).to.deep.equal([400, 'invalid_input']);
        expect((await patch(admin, path, '{}', JSON_TYPE)).status, path).to.equal(404);
      }
      expect((await admin.get('/chat/1/messages?limit=0')).status).to.equal(400);
      expect((await admin.get('/chat/1/messages')).status).to.equal(404);
    });

    it('answers 400 `trial_needs_expiry` or `access_period_empty` before 404 for an unknown source and user', async () => {
      const path = `/sources/${newId('source')}/access/${newId('user')}`;
      const yesterday = new Date(Date.now() - 86_400_000).toISOString();
      expect(seen(await admin.put(path, { type: 'trial' }))).to.deep.equal([400, 'trial_needs_expiry']);
      const ended = await admin.put(path, { type: 'alacarte', expires_at: yesterday });
      expect(seen(ended)).to.deep.equal([400, 'access_period_empty']);
      expect((await admin.put(path, { type: 'alacarte' })).status).to.equal(404);
    });

    it('answers 400 before 403 `edit_exceeds_own` for a user with permissions that the caller lacks', async () => {
      const [keeper, { id }] = [await server.user(await aRole('users.write')), await aUser(admin)];
      const path = `/admin/users/${id}`;
      expect((await patch(keeper, path, '{"status":"gone"}', JSON_TYPE)).status).to.equal(400);
      expect(seen(await patch(keeper, path, '{}', JSON_TYPE))).to.deep.equal([403, 'edit_exceeds_own']);
    });
  });

  describe('the resource (404, 403) before If-Match (428, 412)', () => {
    for (const path of [
      '/admin/users/usr_missing',
      '/admin/roles/missing',
      '/games/gam_missing',
      '/sources/src_missing',
    ])
      it(`answers 404 to PATCH ${path}, with an outdated ETag and without If-Match`, async () => {
        expect((await patch(admin, path, '{}', JSON_TYPE)).status).to.equal(404);
        expect((await patch(admin, path, '{}', { ...JSON_TYPE, ...STALE })).status).to.equal(404);
      });

    it('answers 403 for a user and a role with permissions that the caller lacks, and for a game that they only play in', async () => {
      const keeper = await server.user(await aRole('users.write', 'roles.write'), 'gm');
      const { id } = (await keeper.get('/auth/me')).body.user;
      const game = (await admin.post('/games', { name: 'One' })).body.id;
      await admin.post(`/games/${game}/members`, { user_id: id, role_in_game: 'player' });
      const admins = (await admin.get('/auth/me')).body.user.id;
      for (const path of [`/admin/users/${admins}`, '/admin/roles/admin', `/games/${game}`]) {
        for (const headers of [{}, STALE]) {
          const answer = await patch(keeper, path, '{}', { ...JSON_TYPE, ...headers } as Record<string, string>);
          expect(answer.status, path).to.equal(403);
        }
      }
    });
  });

  describe('If-Match (428, 412) before conflicts (409)', () => {
    for (const [what, make] of Object.entries(CONFLICTS)) {
      it(`answers 428, 412 and 409, in this order, for ${what}, and changes nothing`, async () => {
        const { path, change, code } = await make(admin);
        const [body, before] = [JSON.stringify(change), (await admin.get(path)).text];
        expect(seen(await patch(admin, path, body, JSON_TYPE))).to.deep.equal([428, 'precondition_required']);
        expect(seen(await patch(admin, path, body, { ...JSON_TYPE, ...STALE }))).to.deep.equal([412, 'stale']);
        const right = { ...JSON_TYPE, ...(await tagOf(path)) };
        expect(seen(await patch(admin, path, body, right))).to.deep.equal([409, code]);
        expect((await admin.get(path)).text).to.equal(before);
      });
    }
  });

  describe('the resource (404, 403) before conflicts (409), on routes without If-Match', () => {
    it('answers 404 for an unknown source or user before 409 `encryption_not_configured` to a licence key', async () => {
      const source = (await admin.post('/sources', { title: newId('source') })).body.id;
      const grant = { type: 'alacarte', license_key: 'KEY' };
      const { id } = await aUser(admin);
      const missing = await admin.put(`/sources/${newId('source')}/access/${id}`, grant);
      expect(seen(missing)).to.deep.equal([404, 'source_not_found']);
      const nobody = await admin.put(`/sources/${source}/access/${newId('user')}`, grant);
      expect(seen(nobody)).to.deep.equal([404, 'user_not_found']);
      const conflict = await admin.put(`/sources/${source}/access/${id}`, grant);
      expect(seen(conflict)).to.deep.equal([409, 'encryption_not_configured']);
    });

    it('answers 403 `edit_exceeds_own` to a caller with fewer permissions before 409 `last_admin` and `builtin_role`', async () => {
      const keeper = await server.user(await aRole('users.write', 'roles.write', 'roles.assign'));
      const { id } = (await admin.get('/auth/me')).body.user;
      for (const path of [
        `/admin/users/${id}`,
        `/admin/users/${id}/roles/admin`,
        '/admin/roles/admin',
        '/admin/roles/admin/permissions/users.write',
      ])
        expect(seen(await keeper.delete(path)), path).to.deep.equal([403, 'edit_exceeds_own']);
      expect((await admin.delete(`/admin/users/${id}`)).body.code).to.equal('last_admin');
      expect((await admin.delete('/admin/roles/admin')).body.code).to.equal('builtin_role');
    });

    it('answers 404 `game_not_found` to strangers and 403 `gm_required` to players before 409 `last_gm` to the last GM', async () => {
      const [gm, player, stranger] = [await server.user('gm'), await server.user(), await server.user()];
      const game = (await gm.post('/games', { name: 'One' })).body.id;
      const [gmId, playerId] = await Promise.all(
        [gm, player].map(async (client) => (await client.get('/auth/me')).body.user.id),
      );
      await gm.post(`/games/${game}/members`, { user_id: playerId, role_in_game: 'player' });
      const demote = (client: Client) => client.patch(`/games/${game}/members/${gmId}`, { role_in_game: 'player' });
      expect(seen(await demote(stranger))).to.deep.equal([404, 'game_not_found']);
      expect(seen(await demote(player))).to.deep.equal([403, 'gm_required']);
      expect(seen(await demote(gm))).to.deep.equal([409, 'last_gm']);
    });
  });
});
