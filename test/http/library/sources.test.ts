/** The sources of the library over HTTP. */
import { expect } from 'chai';
import type { SourceId, UserId } from '#domain/shared/ids.ts';
import { newId } from '../../support/builders/records.ts';
import { type Answer, type Client, startTestServer, type TestServer } from '../../support/servers/server.ts';
import { onEveryStore } from '../../support/servers/stores.ts';

onEveryStore('HTTP: sources', () => {
  let server: TestServer;
  let [admin, player]: Client[] = [];
  let userId: UserId;
  let titles = 0;
  const as = (client: Client | undefined) => client as Client;
  const refused = ({ status, body }: Answer) => [status, body.code];

  before(async () => {
    server = await startTestServer();
    [admin, player] = [await server.admin(), await server.user('player')];
    userId = (await as(player).get('/auth/me')).body.user.id;
  });
  after(() => server.close());

  const add = async (fields: object = {}): Promise<SourceId> => {
    titles += 1;
    return (await as(admin).post('/sources', { title: `Tome ${titles}`, ...fields })).body.id;
  };
  const readable = async (id: string) =>
    (await as(player).get('/me/sources?limit=200')).body.items.find((source: { id: string }) => source.id === id);

  describe('POST and GET /sources', () => {
    it('adds a source with 201, which a player then reads with 200', async () => {
      const body = {
        title: 'Tal’Dorei',
        publisher: 'Gilmore',
        edition: '2nd',
        description: 'A guide.',
        included: true,
      };
      const added = await as(admin).post('/sources', body);
      expect(added.status).to.equal(201);
      expect(added.body).to.include(body);
      expect((await as(player).get(`/sources/${added.body.id}`)).body).to.deep.equal(added.body);
      const first = await as(player).get('/sources?limit=1');
      expect(first.body.items).to.have.length(1);
    });

    it('answers 200 with pages that neither repeat nor miss a source, and 400 to a malformed cursor', async () => {
      const ids = [await add(), await add(), await add()];
      const seen: string[] = [];
      let cursor = '';
      do {
        const { body } = await as(player).get(`/sources?limit=2${cursor}`);
        seen.push(...body.items.map((source: { id: string }) => source.id));
        cursor = body.next_cursor === null ? '' : `&cursor=${body.next_cursor}`;
      } while (cursor !== '');
      expect(seen).to.include.members(ids);
      expect(new Set(seen).size).to.equal(seen.length);
      expect((await as(player).get('/sources?cursor=x')).status).to.equal(400);
    });

    it('answers 400 without a title, 401 to an anonymous caller, and 403 to a player without `sources.write`', async () => {
      expect((await as(admin).post('/sources', { name: 'x' })).status).to.equal(400);
      const id = await add();
      const anonymous = server.client();
      const before = (await as(admin).get('/sources')).body;
      const answers = [
        await anonymous.get('/sources'),
        await anonymous.get(`/sources/${id}`),
        await anonymous.post('/sources', { title: 'x' }),
        await anonymous.patch(`/sources/${id}`, { title: 'x' }, { 'If-Match': '*' }),
        await anonymous.delete(`/sources/${id}`),
      ];
      for (const answer of answers) expect(refused(answer)).to.deep.equal([401, 'unauthenticated']);
      expect((await as(player).post('/sources', { title: 'x' })).body).to.include({ permission: 'sources.write' });
      expect((await as(admin).get('/sources')).body).to.deep.equal(before);
    });

    it('answers 409 `source_taken` to a taken title and edition, ignoring case, and 201 to another edition', async () => {
      const id = await add({ title: 'Monster Manual', edition: '5e' });
      const named = async () =>
        (await as(admin).get('/sources?limit=200')).body.items.filter((one: { title: string }) =>
          /^monster manual$/i.test(one.title),
        );
      const again = await as(admin).post('/sources', { title: 'monster manual', edition: '5E' });
      expect(refused(again)).to.deep.equal([409, 'source_taken']);
      expect((await named()).map((one: { id: string }) => one.id)).to.deep.equal([id]);
      const other = await as(admin).post('/sources', { title: 'Monster Manual' });
      expect(other.status).to.equal(201);
      expect(await named()).to.have.deep.members([other.body, (await as(admin).get(`/sources/${id}`)).body]);
    });
  });

  describe('PATCH and DELETE /sources/{id}', () => {
    it('changes the given fields with 200, and no others', async () => {
      const id = await add({ publisher: 'Gilmore', edition: '1st' });
      const answer = await as(admin).change(`/sources/${id}`, { edition: null, included: true });
      expect(answer.status).to.equal(200);
      expect(answer.body).to.include({ publisher: 'Gilmore', edition: null, included: true });
    });

    it('answers 403 to a player, 404 for an unknown id, 409 to a taken title, 412 to an old ETag, and 428 without If-Match', async () => {
      const [taken, id] = [await add({ title: 'Taken' }), await add()];
      const change = { title: 'TAKEN' };
      const shown = async () => [(await as(admin).get(`/sources/${id}`)).body, await readable(id)];
      await as(admin).put(`/sources/${id}/access/${userId}`, { type: 'alacarte' });
      const before = await shown();
      expect((await as(player).change(`/sources/${id}`, change)).status).to.equal(403);
      expect((await as(player).delete(`/sources/${id}`)).status).to.equal(403);
      for (const missing of [newId('source'), 'nonsense']) {
        expect((await as(admin).patch(`/sources/${missing}`, change, { 'If-Match': '*' })).status).to.equal(404);
        expect((await as(admin).delete(`/sources/${missing}`)).status).to.equal(404);
        expect((await as(admin).get(`/sources/${missing}`)).status).to.equal(404);
        expect((await as(admin).get(`/sources/${missing}/access`)).status).to.equal(404);
      }
      expect(refused(await as(admin).change(`/sources/${id}`, change))).to.deep.equal([409, 'source_taken']);
      expect((await as(admin).patch(`/sources/${id}`, change, { 'If-Match': '"old"' })).status).to.equal(412);
      expect((await as(admin).patch(`/sources/${id}`, change)).status).to.equal(428);
      expect((await as(admin).get(`/sources/${taken}`)).body.title).to.equal('Taken');
      expect(await shown()).to.deep.equal(before);
    });

    it('removes the source and its licences with 204', async () => {
      const id = await add();
      await as(admin).put(`/sources/${id}/access/${userId}`, { type: 'alacarte' });
      expect(await readable(id)).to.include({ type: 'alacarte' });
      expect((await as(admin).delete(`/sources/${id}`)).status).to.equal(204);
      expect((await as(player).get(`/sources/${id}`)).status).to.equal(404);
      expect(await readable(id)).to.equal(undefined);
    });
  });

  describe('GET /me/sources', () => {
    it('answers 400 to a malformed cursor, and 401 to an anonymous caller; 403 to a token without `sources.read`', async () => {
      const token = server.client();
      token.bearer = await server.token(as(player), 'chat.use', 'games.use');
      expect((await token.get('/me/sources')).body).to.include({ status: 403, permission: 'sources.read' });
      expect((await as(player).get('/me/sources?cursor=x')).status).to.equal(400);
      expect((await server.client().get('/me/sources')).status).to.equal(401);
    });
  });
});
