/** Games over HTTP. */
import { expect } from 'chai';
import type { UserId } from '#domain/shared/ids.ts';
import { tokens } from '#infrastructure/wiring/tokens.ts';
import { newId } from '../../support/builders/records.ts';
import { type Client, startTestServer, type TestServer } from '../../support/servers/server.ts';
import { onEveryStore } from '../../support/servers/stores.ts';

onEveryStore('HTTP: games', () => {
  let server: TestServer;
  let [admin, gm, player, stranger]: Client[] = [];
  let ids: Readonly<Record<'gm' | 'player' | 'stranger', UserId>>;
  const as = (client: Client | undefined) => client as Client;
  const idOf = async (client: Client | undefined) => (await as(client).get('/auth/me')).body.user.id as UserId;

  before(async () => {
    server = await startTestServer();
    [admin, gm, player, stranger] = [
      await server.admin(),
      await server.user('gm'),
      await server.user('player'),
      await server.user('gm'),
    ];
    ids = { gm: await idOf(gm), player: await idOf(player), stranger: await idOf(stranger) };
  });
  after(() => server.close());

  const byToken = async (owner: Client, ...scopes: readonly string[]) => {
    const client = server.client();
    client.bearer = await server.token(owner, ...scopes);
    return client;
  };
  const refused = (answer: { status: number; body: { code: string } }) => [answer.status, answer.body.code];
  const open = async (name = 'Vox Machina') => (await as(gm).post('/games', { name })).body.id as string;

  /** A game of the GM with the player in it. */
  async function openWithPlayer(): Promise<string> {
    const id = await open();
    const body = { user_id: ids.player, role_in_game: 'player' };
    expect((await as(gm).post(`/games/${id}/members`, body)).status).to.equal(201);
    return id;
  }

  /** All that a game's GM sees of it. */
  const shown = async (id: string) =>
    Promise.all(
      ['', '/members', '/invitations', '/history'].map(async (part) => (await as(gm).get(`/games/${id}${part}`)).body),
    );

  describe('POST /games', () => {
    it('answers 201 with the game and makes its creator the first GM (US-DB-002)', async () => {
      const answer = await as(gm).post('/games', { name: 'The Chroma Conclave', description: 'Five dragons.' });
      expect(answer.status).to.equal(201);
      expect(answer.body).to.include({
        name: 'The Chroma Conclave',
        description: 'Five dragons.',
        created_by_user_id: ids.gm,
        my_role: 'gm',
      });
      const members = await as(gm).get(`/games/${answer.body.id}/members`);
      expect(members.body.items).to.have.length(1);
      expect(members.body.items[0]).to.include({ user_id: ids.gm, role_in_game: 'gm', display_name: 'User 1' });
    });

    it('replays the first answer under the same Idempotency-Key, and makes one game', async () => {
      const key = { 'Idempotency-Key': 'one-game' };
      const [first, again] = [
        await as(gm).post('/games', { name: 'Once' }, key),
        await as(gm).post('/games', { name: 'Once' }, key),
      ];
      expect(again.body).to.deep.equal(first.body);
      expect(again.headers.get('idempotent-replayed')).to.equal('true');
      const mine = await as(gm).get('/games?limit=200');
      expect(mine.body.items.filter((game: { name: string }) => game.name === 'Once')).to.have.length(1);
      const token = await byToken(as(gm), 'games.create');
      expect((await token.post('/games', { name: 'Once' }, key)).body).to.include({ permission: 'games.use' });
    });

    it('answers 400 without a name, 401 to an anonymous caller, and 403 without `games.create`', async () => {
      expect((await as(gm).post('/games', { nam: 'x' })).status).to.equal(400);
      expect((await server.client().post('/games', { name: 'x' })).status).to.equal(401);
      const answer = await as(player).post('/games', { name: 'x' });
      expect(answer.body).to.include({ status: 403, permission: 'games.create' });
    });
  });

  describe('GET /games', () => {
    it('answers 200 with the games of which the caller is a member, and their role in each', async () => {
      const id = await openWithPlayer();
      const mine = await as(player).get('/games');
      expect(mine.body.items[0]).to.include({ id, my_role: 'player' });
      expect((await as(stranger).get('/games')).body.items).to.deep.equal([]);
    });

    it('answers 200 with all games to a manager of all games, 403 to others, and 400 `malformed_cursor` to a bad cursor', async () => {
      const id = await open();
      const first = await as(admin).get('/games?all=true&limit=1');
      expect(first.body.items[0]).to.include({ id, my_role: null });
      const next = await as(admin).get(`/games?all=true&limit=1&cursor=${first.body.next_cursor}`);
      expect(next.body.items[0].id).not.to.equal(id);
      expect((await as(admin).get('/games')).body.items).to.deep.equal([]);
      expect(refused(await as(gm).get('/games?all=true'))).to.deep.equal([403, 'permission_missing']);
      expect(refused(await as(gm).get('/games?cursor=x'))).to.deep.equal([400, 'malformed_cursor']);
    });
  });

  describe('GET, PATCH and DELETE /games/{id}', () => {
    it('answers 200 with the game to its members and to managers of all games', async () => {
      const id = await openWithPlayer();
      for (const [client, my_role] of [
        [gm, 'gm'],
        [player, 'player'],
        [admin, null],
      ] as const)
        expect((await as(client).get(`/games/${id}`)).body).to.include({ id, my_role });
    });

    it('answers 404 `game_not_found` to strangers, whatever they try, as for an unknown or malformed id', async () => {
      const id = await openWithPlayer();
      const { id: invitation } = (await as(gm).post(`/games/${id}/invitations`)).body;
      const before = await shown(id);
      for (const path of [`/games/${id}`, `/games/${newId('game')}`, '/games/nonsense']) {
        const answers = [
          await as(stranger).get(path),
          await as(stranger).patch(path, { name: 'Mine' }, { 'If-Match': '*' }),
          await as(stranger).delete(path),
          await as(stranger).get(`${path}/members`),
          await as(stranger).post(`${path}/members`, { user_id: ids.stranger, role_in_game: 'gm' }),
          await as(stranger).delete(`${path}/members/${ids.stranger}`),
          await as(stranger).patch(`${path}/members/${ids.gm}`, { role_in_game: 'player' }),
          await as(stranger).post(`${path}/invitations`),
          await as(stranger).get(`${path}/invitations`),
          await as(stranger).delete(`${path}/invitations/${invitation}`),
          await as(stranger).get(`${path}/history`),
        ];
        for (const answer of answers) expect(refused(answer)).to.deep.equal([404, 'game_not_found']);
      }
      expect(await shown(id)).to.deep.equal(before);
    });

    it('answers 200 to a change by a GM, whatever their global role, and by a manager of all games', async () => {
      const id = await openWithPlayer();
      await as(gm).patch(`/games/${id}/members/${ids.player}`, { role_in_game: 'gm' });
      const answer = await as(player).change(`/games/${id}`, { name: 'Renamed' });
      expect(answer.status).to.equal(200);
      expect(answer.body).to.include({ name: 'Renamed', description: null, my_role: 'gm' });
      expect((await as(admin).change(`/games/${id}`, { description: 'By the admin.' })).status).to.equal(200);
      expect((await as(gm).get(`/games/${id}`)).body).to.include({ name: 'Renamed', description: 'By the admin.' });
    });

    it('answers 400 to an unknown field', async () => {
      expect((await as(gm).patch(`/games/${await open()}`, { seats: 4 }, { 'If-Match': '*' })).status).to.equal(400);
    });

    it('answers 412 to an outdated ETag and 428 without If-Match, and changes nothing', async () => {
      const path = `/games/${await open()}`;
      const etag = (await as(gm).get(path)).headers.get('etag') ?? '';
      expect((await as(gm).patch(path, { name: 'First' }, { 'If-Match': etag })).status).to.equal(200);
      expect((await as(gm).patch(path, { name: 'Second' }, { 'If-Match': etag })).status).to.equal(412);
      expect((await as(gm).patch(path, { name: 'Third' })).status).to.equal(428);
      expect((await as(gm).get(path)).body.name).to.equal('First');
    });

    it('answers 403 `gm_required` to a player who manages the game, its members or its invitations', async () => {
      const id = await openWithPlayer();
      await as(gm).post(`/games/${id}/invitations`);
      const before = await shown(id);
      const answers = [
        await as(player).change(`/games/${id}`, { name: 'Mine' }),
        await as(player).delete(`/games/${id}`),
        await as(player).post(`/games/${id}/members`, { user_id: ids.stranger, role_in_game: 'player' }),
        await as(player).patch(`/games/${id}/members/${ids.player}`, { role_in_game: 'gm' }),
        await as(player).delete(`/games/${id}/members/${ids.gm}`),
        await as(player).post(`/games/${id}/invitations`),
        await as(player).get(`/games/${id}/invitations`),
        await as(player).delete(`/games/${id}/invitations/${newId('invitation')}`),
      ];
      for (const answer of answers) expect(refused(answer)).to.deep.equal([403, 'gm_required']);
      expect(await shown(id)).to.deep.equal(before);
    });

    it('deletes the memberships and invitations of a game with 204, and leaves its threads to their owners', async () => {
      const id = await openWithPlayer();
      const thread = (await as(player).post('/chat', { game_id: id })).body.id;
      const { code } = (await as(gm).post(`/games/${id}/invitations`)).body;
      expect((await as(gm).delete(`/games/${id}`)).status).to.equal(204);
      expect((await as(gm).get(`/games/${id}`)).status).to.equal(404);
      expect((await server.client().get(`/invitations/${code}`)).status).to.equal(404);
      expect((await as(player).get(`/chat/${thread}`)).body.thread.game_id).to.equal(null);
      expect((await as(gm).get(`/chat/${thread}`)).status).to.equal(404);
    });
  });

  describe('through an API token', () => {
    it('answers 403 on everything about games without the scope `games.use`, whoever its owner is, and changes nothing', async () => {
      const id = await openWithPlayer();
      const { code } = (await as(gm).post(`/games/${id}/invitations`)).body;
      const before = await shown(id);
      const tokens = [
        await byToken(as(gm), 'games.create', 'chat.use', 'sources.read'),
        await byToken(as(admin), 'games.manage'),
      ];
      for (const token of tokens) {
        const answers = [
          await token.get('/games'),
          await token.get(`/games/${id}`),
          await token.patch(`/games/${id}`, { name: 'Mine' }, { 'If-Match': '*' }),
          await token.delete(`/games/${id}`),
          await token.get(`/games/${id}/members`),
          await token.post(`/games/${id}/members`, { user_id: ids.stranger, role_in_game: 'player' }),
          await token.patch(`/games/${id}/members/${ids.player}`, { role_in_game: 'gm' }),
          await token.delete(`/games/${id}/members/${ids.player}`),
          await token.post(`/games/${id}/invitations`),
          await token.post(`/invitations/${code}/accept`),
          await token.post(`/invitations/${code}/decline`),
        ];
        for (const { status, body } of answers) expect([status, body.permission]).to.deep.equal([403, 'games.use']);
      }
      expect((await tokens[0]?.post('/games', { name: 'Mine' }))?.body.permission).to.equal('games.use');
      expect(await shown(id)).to.deep.equal(before);
      expect((await server.client().get(`/invitations/${code}`)).status).to.equal(200);
    });

    it('lets its owner be what they are in their games, and a manager of all games only by that scope too', async () => {
      const id = await openWithPlayer();
      const token = await byToken(as(gm), 'games.use');
      expect((await token.change(`/games/${id}`, { name: 'By token' })).body).to.include({ name: 'By token' });
      const member = await byToken(as(admin), 'games.use');
      expect(refused(await member.get(`/games/${id}`))).to.deep.equal([404, 'game_not_found']);
      const manager = await byToken(as(admin), 'games.use', 'games.manage');
      expect((await manager.get(`/games/${id}`)).body).to.include({ name: 'By token', my_role: null });
    });
  });

  it('audits every change of a game with its actor, and a new name with the one before', async () => {
    const id = await openWithPlayer();
    await as(gm).change(`/games/${id}`, { name: 'Renamed' });
    await as(gm).delete(`/games/${id}/members/${ids.player}`);
    await as(gm).delete(`/games/${id}`);
    const reads = server.application.container.get(tokens.reads);
    const { items } = await reads.audit.list({ subject: `game:${id}` }, { limit: 20 });
    expect(items.map((entry) => entry.action).reverse()).to.deep.equal([
      'games.create',
      'members.add',
      'games.update',
      'members.remove',
      'games.delete',
    ]);
    expect(items.every((entry) => entry.actorId === ids.gm)).to.equal(true);
    const update = items.find((entry) => entry.action === 'games.update');
    expect([update?.before?.name, update?.after?.name]).to.deep.equal(['Vox Machina', 'Renamed']);
  });
});
