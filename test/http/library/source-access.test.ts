/** Licences to sources over HTTP: given, replaced, taken back, and what they let somebody read. */
import { expect } from 'chai';
import type { SourceId, UserId } from '#domain/shared/ids.ts';
import { tokens } from '#infrastructure/wiring/tokens.ts';
import { aFernetKey } from '../../support/builders/fernet-keys.ts';
import { newId } from '../../support/builders/records.ts';
import { type Answer, type Client, startTestServer, type TestServer } from '../../support/servers/server.ts';
import { onEveryStore } from '../../support/servers/stores.ts';

const YESTERDAY = new Date(Date.now() - 86_400_000).toISOString();
const TOMORROW = new Date(Date.now() + 86_400_000).toISOString();
const NEXT_WEEK = new Date(Date.now() + 7 * 86_400_000).toISOString();

onEveryStore('HTTP: licences to sources', () => {
  let server: TestServer;
  let [admin, player]: Client[] = [];
  let userId: UserId;
  let titles = 0;
  const as = (client: Client | undefined) => client as Client;
  const refused = ({ status, body }: Answer) => [status, body.code];

  before(async () => {
    server = await startTestServer({ FERNET_KEYS: aFernetKey() });
    [admin, player] = [await server.admin(), await server.user('player')];
    userId = (await as(player).get('/auth/me')).body.user.id;
  });
  after(() => server.close());

  const add = async (fields: object = {}): Promise<SourceId> => {
    titles += 1;
    return (await as(admin).post('/sources', { title: `Tome ${titles}`, ...fields })).body.id;
  };
  const grant = (id: string, body: object, whom: string = userId) =>
    as(admin).put(`/sources/${id}/access/${whom}`, body);
  const access = async (id: string) => (await as(admin).get(`/sources/${id}/access`)).body.items;
  const readable = async (id: string) =>
    (await as(player).get('/me/sources?limit=200')).body.items.find((source: { id: string }) => source.id === id);

  describe('PUT /sources/{id}/access/{user_id}', () => {
    it('grants a licence with 200, which the next read shows, and replaces it when granted again (US-DB-003)', async () => {
      const id = await add();
      expect(await readable(id)).to.equal(undefined);
      const first = await grant(id, { type: 'alacarte', expires_at: TOMORROW, license_key: 'KEY-1' });
      expect(first.status).to.equal(200);
      expect(first.body).to.include({ type: 'alacarte', expires_at: TOMORROW, has_license_key: true });
      expect(await readable(id)).to.include({ id, type: 'alacarte', expires_at: TOMORROW });
      const second = await grant(id, { type: 'included', expires_at: NEXT_WEEK });
      expect(second.body).to.include({ type: 'included', expires_at: NEXT_WEEK, has_license_key: false });
      expect(await access(id)).to.deep.equal([second.body]);
      expect(await readable(id)).to.include({ type: 'included', expires_at: NEXT_WEEK });
    });

    it('gives each of two users the licence that is theirs', async () => {
      const [id, other] = [await add(), await server.user('player')];
      const otherId = (await other.get('/auth/me')).body.user.id;
      await grant(id, { type: 'alacarte', expires_at: TOMORROW });
      await grant(id, { type: 'trial', expires_at: NEXT_WEEK }, otherId);
      const read = async (client: Client) => (await client.get('/me/sources?limit=200')).body.items;
      const of = (items: Record<string, string>[]) => items.find((source) => source.id === id);
      expect(of(await read(as(player)))).to.include({ type: 'alacarte', expires_at: TOMORROW });
      expect(of(await read(other))).to.include({ type: 'trial', expires_at: NEXT_WEEK });
      await as(admin).delete(`/sources/${id}/access/${userId}`);
      expect(of(await read(as(player)))).to.equal(undefined);
      expect(of(await read(other))).to.include({ type: 'trial', expires_at: NEXT_WEEK });
    });

    it('lets no user read by a licence that has ended or has not begun', async () => {
      const [ended, later] = [await add(), await add()];
      await grant(ended, {
        type: 'alacarte',
        valid_from: YESTERDAY,
        expires_at: new Date(Date.now() - 1).toISOString(),
      });
      await grant(later, { type: 'alacarte', valid_from: TOMORROW });
      expect([await readable(ended), await readable(later)]).to.deep.equal([undefined, undefined]);
      expect(await access(ended)).to.have.length(1);
    });

    it('keeps a source included for everyone whatever licence is granted, and stores the licence’s key', async () => {
      const id = await add({ included: true });
      expect(await readable(id)).to.include({ type: 'included', expires_at: null });
      await grant(id, { type: 'trial', expires_at: TOMORROW, license_key: 'KEY-2' });
      expect(await readable(id)).to.include({ type: 'included', expires_at: null });
      expect((await access(id))[0].license_key).to.equal('KEY-2');
    });

    it('stores licence keys encrypted, and shows them only to those who may grant (403 `permission_missing` to others)', async () => {
      const id = await add();
      await grant(id, { type: 'alacarte', license_key: 'DRAGON-4711' });
      expect((await access(id))[0]).to.include({ has_license_key: true, license_key: 'DRAGON-4711' });
      const reads = server.application.container.get(tokens.reads);
      const stored = await reads.sourceAccesses.find(id, userId);
      expect(stored?.licenseKey).to.be.a('string').and.not.contain('DRAGON');
      const { items } = await reads.audit.list({ subject: `source:${id}` }, { limit: 9 });
      expect(JSON.stringify(items)).to.contain('has_license_key').and.not.contain('DRAGON');
      expect((await as(player).get('/me/sources?limit=200')).text).not.to.contain('DRAGON');
      expect(refused(await as(player).get(`/sources/${id}/access`))).to.deep.equal([403, 'permission_missing']);
    });

    it('answers 400 to a trial without expiry, an empty period, an unknown type and a malformed date, and grants nothing', async () => {
      const id = await add();
      expect(refused(await grant(id, { type: 'trial' }))).to.deep.equal([400, 'trial_needs_expiry']);
      expect(refused(await grant(id, { type: 'alacarte', expires_at: YESTERDAY }))).to.deep.equal([
        400,
        'access_period_empty',
      ]);
      expect((await grant(id, { type: 'stolen' })).status).to.equal(400);
      expect((await grant(id, { type: 'alacarte', expires_at: 'soon' })).status).to.equal(400);
      expect(await access(id)).to.deep.equal([]);
    });

    it('answers 401 to an anonymous caller, 403 to a player, and 404 for an unknown source or user', async () => {
      const id = await add();
      const path = `/sources/${id}/access/${userId}`;
      expect((await server.client().put(path, { type: 'alacarte' })).status).to.equal(401);
      expect((await as(player).put(path, { type: 'alacarte' })).status).to.equal(403);
      expect(refused(await grant(newId('source'), { type: 'alacarte' }))).to.deep.equal([404, 'source_not_found']);
      expect(refused(await grant(id, { type: 'alacarte' }, newId('user')))).to.deep.equal([404, 'user_not_found']);
    });

    it('answers 409 `trial_used` to another trial, even after the first was revoked, and 200 to the same one again', async () => {
      const id = await add();
      const trial = { type: 'trial', expires_at: TOMORROW };
      const first = await grant(id, trial);
      expect((await grant(id, trial)).body).to.deep.equal(first.body);
      expect(refused(await grant(id, { type: 'trial', expires_at: NEXT_WEEK }))).to.deep.equal([409, 'trial_used']);
      expect((await access(id))[0].expires_at).to.equal(TOMORROW);
      await as(admin).delete(`/sources/${id}/access/${userId}`);
      expect(refused(await grant(id, trial))).to.deep.equal([409, 'trial_used']);
      expect((await grant(id, { type: 'alacarte' })).status).to.equal(200);
      expect(refused(await grant(id, trial))).to.deep.equal([409, 'trial_used']);
      expect(await readable(id)).to.include({ type: 'alacarte', expires_at: null });
    });

    it('answers 200 to exactly one of two trials that are granted at once, and 409 to the other', async () => {
      const id = await add();
      const both = [TOMORROW, NEXT_WEEK].map((expires_at) => grant(id, { type: 'trial', expires_at }));
      const statuses = (await Promise.all(both)).map(({ status }) => status);
      expect(statuses.toSorted()).to.deep.equal([200, 409]);
    });

    it('answers 409 `encryption_not_configured` to a licence key without encryption, and 200 to a licence without a key', async () => {
      const bare = await startTestServer();
      const keeper = await bare.admin();
      const source = (await keeper.post('/sources', { title: 'Plain' })).body.id;
      const path = `/sources/${source}/access/${(await keeper.get('/auth/me')).body.user.id}`;
      const answer = await keeper.put(path, { type: 'alacarte', license_key: 'KEY' });
      expect(refused(answer)).to.deep.equal([409, 'encryption_not_configured']);
      expect((await keeper.get('/me/sources')).body.items).to.deep.equal([]);
      expect((await keeper.put(path, { type: 'alacarte' })).status).to.equal(200);
      await bare.close();
    });
  });

  describe('DELETE /sources/{id}/access/{user_id}', () => {
    it('answers 403 to a player; revokes the licence at once with 204, then answers 404 `access_not_found`', async () => {
      const id = await add();
      await grant(id, { type: 'alacarte', license_key: 'KEY' });
      const path = `/sources/${id}/access/${userId}`;
      expect((await as(player).delete(path)).status).to.equal(403);
      expect((await as(admin).delete(path)).status).to.equal(204);
      expect(await readable(id)).to.equal(undefined);
      expect(await access(id)).to.deep.equal([]);
      expect(refused(await as(admin).delete(path))).to.deep.equal([404, 'access_not_found']);
      const stored = await server.application.container.get(tokens.reads).sourceAccesses.find(id, userId);
      expect(stored?.licenseKey).to.equal(null);
    });
  });
});
