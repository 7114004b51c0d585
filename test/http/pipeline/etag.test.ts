/** What is edited is shown with a tag, and changed only by whoever has seen what it is now. */
import { expect } from 'chai';
import { newId } from '../../support/builders/records.ts';
import { type Answer, type Client, startTestServer, type TestServer } from '../../support/servers/server.ts';
import { onEveryStore } from '../../support/servers/stores.ts';

/** One of everything that is edited: how it is made, and two changes of it. */
const EDITED = {
  user: {
    make: async (admin: Client) => {
      const body = { email: `${newId('user')}@example.com`, display_name: 'One', password: 'sturdy-oak-table' };
      return `/admin/users/${(await admin.post('/admin/users', body)).body.id}`;
    },
    missing: '/admin/users/usr_missing',
    field: 'display_name',
  },
  role: {
    make: async (admin: Client) => {
      const name = newId('user').replace('usr_', 'bard-');
      await admin.post('/admin/roles', { name, description: 'One', permissions: [] });
      return `/admin/roles/${name}`;
    },
    missing: '/admin/roles/dragon',
    field: 'description',
  },
  game: {
    make: async (admin: Client) => `/games/${(await admin.post('/games', { name: 'One' })).body.id}`,
    missing: '/games/gam_missing',
    field: 'name',
  },
  source: {
    make: async (admin: Client) => `/sources/${(await admin.post('/sources', { title: newId('source') })).body.id}`,
    missing: '/sources/src_missing',
    field: 'publisher',
  },
} as const;

for (const [thing, { make, missing, field }] of Object.entries(EDITED)) {
  onEveryStore(`HTTP: the ETag of a ${thing}`, () => {
    let server: TestServer;
    let admin: Client;
    let path: string;
    before(async () => {
      server = await startTestServer();
      admin = await server.admin();
    });
    after(() => server.close());
    beforeEach(async () => {
      path = await make(admin);
    });

    const patch = (value: string, headers: Record<string, string>, at = path, client = admin): Promise<Answer> =>
      client.send('PATCH', at, JSON.stringify({ [field]: value }), { 'Content-Type': 'application/json', ...headers });
    const tag = async () => (await admin.get(path)).headers.get('etag') ?? '';

    it('is strong, stays while nothing changes, and is another after a change (200), whose answer carries it', async () => {
      const first = await tag();
      expect(first).to.match(/^"[\w-]{22}"$/);
      expect(await tag()).to.equal(first);
      const changed = await patch('Two', { 'If-Match': first });
      expect(changed.status, changed.text).to.equal(200);
      expect(changed.body[field]).to.equal('Two');
      expect(changed.headers.get('etag')).to.equal(await tag());
      expect(await tag()).not.to.equal(first);
    });

    it('is required: a change without If-Match answers 428 `precondition_required` and changes nothing', async () => {
      const before = await tag();
      expect((await patch('Two', {})).body).to.include({ status: 428, code: 'precondition_required' });
      expect(await tag()).to.equal(before);
    });

    it('must match: an outdated, weak, unlisted or unquoted tag answers 412 `stale` and changes nothing', async () => {
      const first = await tag();
      await patch('Two', { 'If-Match': first });
      for (const stale of [first, `W/${await tag()}`, '"a", "b"', (await tag()).slice(1, -1)]) {
        expect((await patch('Three', { 'If-Match': stale })).body, stale).to.include({ status: 412, code: 'stale' });
      }
      expect((await admin.get(path)).body[field]).to.equal('Two');
    });

    it('is matched (200) by a list that contains it, and by *', async () => {
      expect((await patch('Two', { 'If-Match': `"a", ${await tag()}` })).status).to.equal(200);
      expect((await patch('Three', { 'If-Match': '*' })).status).to.equal(200);
    });

    it('lets exactly one of eight changes at once succeed (200), and the others fail with 412', async () => {
      const seen = await tag();
      const values = Array.from({ length: 8 }, (_, n) => `Raced ${n}`);
      const answers = await Promise.all(values.map((value) => patch(value, { 'If-Match': seen })));
      expect(answers.map(({ status }) => status).toSorted()).to.deep.equal([200, ...Array(7).fill(412)]);
      const winner = answers.find(({ status }) => status === 200);
      expect((await admin.get(path)).body).to.deep.equal(winner?.body);
    });

    it('is checked after 400, 401, 403 and 404', async () => {
      const json = { 'Content-Type': 'application/json' };
      expect((await admin.send('PATCH', path, '{"no_such_field": 1}', json)).status).to.equal(400);
      expect((await patch('Two', {}, path, server.client())).status).to.equal(401);
      const stranger = await server.user('player');
      expect((await patch('Two', {}, path, stranger)).status).to.equal(thing === 'game' ? 404 : 403);
      expect((await patch('Two', {}, missing)).status).to.equal(404);
      expect((await patch('Two', { 'If-Match': '*' }, missing)).status).to.equal(404);
    });
  });
}

onEveryStore('HTTP: the ETag of lists and other resources', () => {
  it('is not sent', async () => {
    const server = await startTestServer();
    try {
      const admin = await server.admin();
      for (const path of ['/auth/me', '/chat', '/games', '/admin/users', '/admin/permissions']) {
        expect((await admin.get(path)).headers.get('etag'), path).to.equal(null);
      }
    } finally {
      await server.close();
    }
  });
});
