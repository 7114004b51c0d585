/** Workspaces over HTTP: opening, listing, renaming and deleting them, and what their roles may do. */
import { expect } from 'chai';
import type { Client, Json, TestServer } from '../../support/servers/server.ts';
import { startTestServer } from '../../support/servers/server.ts';
import { onEveryStore } from '../../support/servers/stores.ts';

const HOME = 'wsp_home';

onEveryStore('HTTP: workspaces', () => {
  let server: TestServer;
  let admin: Client;
  before(async () => {
    server = await startTestServer({ WORKSPACES: 'multi' });
    admin = await server.admin();
  });
  after(() => server.close());

  const open = async (name = 'The North'): Promise<string> => (await admin.post('/workspaces', { name })).body.id;
  const idOf = async (client: Client): Promise<string> => (await client.get('/auth/me')).body.user.id;
  const join = async (id: string, client: Client, role: string) =>
    admin.post(`/workspaces/${id}/members`, { user_id: await idOf(client), role });

  it('answers 201 with a new one, of which whoever opened it is the owner, and lists mine, newest first', async () => {
    const { status, body } = await admin.post('/workspaces', { name: 'The West' });
    expect(status).to.equal(201);
    expect(body).to.deep.include({ name: 'The West', my_role: 'owner', created_by_user_id: await idOf(admin) });
    expect((await admin.get(`/workspaces/${body.id}`)).body).to.deep.equal(body);
    const { items } = (await admin.get('/workspaces')).body;
    expect(items[0]).to.deep.equal(body);
    expect(items.at(-1)).to.deep.include({ id: HOME, name: 'Home', my_role: 'owner' });
  });

  it('shows every user Home, in which they are readers, and nothing else from the start', async () => {
    const player = await server.user('player');
    const { items } = (await player.get('/workspaces')).body;
    expect(items.map(({ id, my_role }: Json) => [id, my_role])).to.deep.equal([[HOME, 'reader']]);
  });

  it('renames one, Home too, and deletes one in which there is nothing: 409 workspace_not_empty, home_workspace', async () => {
    const id = await open();
    expect((await admin.patch(`/workspaces/${id}`, { name: 'Renamed' })).body.name).to.equal('Renamed');
    expect((await admin.patch(`/workspaces/${HOME}`, { name: 'The Inn' })).body.name).to.equal('The Inn');
    const { id: source } = (await admin.post('/sources', { title: 'A tome', workspace_id: id })).body;
    const refused = await admin.delete(`/workspaces/${id}`);
    expect(refused.body).to.deep.include({
      status: 409,
      code: 'workspace_not_empty',
      games: 0,
      sources: 1,
      threads: 0,
    });
    await admin.delete(`/sources/${source}`);
    expect((await admin.delete(`/workspaces/${id}`)).status).to.equal(204);
    expect((await admin.get(`/workspaces/${id}`)).body.code).to.equal('workspace_not_found');
    expect((await admin.delete(`/workspaces/${HOME}`)).body.code).to.equal('home_workspace');
  });

  it('deletes conversations that former members have left behind with the workspace', async () => {
    const [id, reader] = [await open(), await server.user('player')];
    await join(id, reader, 'reader');
    const { id: thread } = (await reader.post('/chat', { title: 'Mine', workspace_id: id })).body;
    expect((await admin.delete(`/workspaces/${id}`)).body.code).to.equal('workspace_not_empty');
    await reader.delete(`/workspaces/${id}/members/${await idOf(reader)}`);
    expect((await reader.get(`/chat/${thread}`)).status).to.equal(404);
    await join(id, reader, 'reader');
    expect((await reader.get(`/chat/${thread}`)).status).to.equal(200);
    await reader.delete(`/workspaces/${id}/members/${await idOf(reader)}`);
    expect((await admin.delete(`/workspaces/${id}`)).status).to.equal(204);
  });

  it('belongs to what is made in it: games, sources and threads say so, and are listed there alone', async () => {
    const id = await open();
    const where = { workspace_id: id };
    const game = (await admin.post('/games', { name: 'A game', ...where })).body;
    const source = (await admin.post('/sources', { title: 'A book', included: true, ...where })).body;
    const inGame = (await admin.post('/chat', { title: 'Ours', game_id: game.id })).body;
    const own = (await admin.post('/chat', { title: 'Mine', ...where })).body;
    for (const made of [game, source, inGame, own]) expect(made.workspace_id).to.equal(id);
    for (const [path, ids] of [
      ['/games', [game.id]],
      ['/sources', [source.id]],
      ['/me/sources', [source.id]],
      ['/chat', [own.id, inGame.id]],
    ] as const) {
      const items = async (query = '') => (await admin.get(path + query)).body.items.map((one: Json) => one.id);
      expect(await items(`?workspace_id=${id}`), path).to.have.members(ids);
      expect(await items(), path).not.to.include.members(ids);
    }
    const elsewhere = await admin.post('/chat', { game_id: game.id, workspace_id: HOME });
    expect(elsewhere.body.code).to.equal('game_not_found');
  });

  it('lets editors write sources there and nowhere else, admins grant licences and manage games, readers read', async () => {
    const id = await open();
    const [reader, editor, keeper] = [
      await server.user('player'),
      await server.user('player'),
      await server.user('gm'),
    ];
    await join(id, reader, 'reader');
    await join(id, editor, 'editor');
    await join(id, keeper, 'admin');
    const post = async (client: Client, where: string) =>
      (await client.post('/sources', { title: `Tome of ${await idOf(client)}`, workspace_id: where })).status;
    expect([await post(reader, id), await post(editor, id), await post(keeper, id)]).to.deep.equal([403, 201, 201]);
    expect([await post(editor, HOME), await post(keeper, HOME)]).to.deep.equal([403, 403]);
    const source = (await admin.post('/sources', { title: 'A licence', workspace_id: id })).body.id;
    const grant = async (client: Client, user: Client) =>
      client.send('PUT', `/sources/${source}/access/${await idOf(user)}`, '{"type":"alacarte"}', {
        'Content-Type': 'application/json',
      });
    expect((await grant(editor, reader)).status).to.equal(403);
    expect((await grant(keeper, reader)).status).to.equal(200);
    expect((await grant(keeper, await server.user('player'))).body.code).to.equal('user_not_found');
    const game = (await admin.post('/games', { name: 'A game', workspace_id: id })).body.id;
    expect((await reader.get(`/games/${game}`)).status).to.equal(404);
    expect((await keeper.get(`/games?all=true&workspace_id=${id}`)).body.items).to.have.length(1);
    expect((await keeper.get('/games?all=true')).status).to.equal(403);
    const strangers = { user_id: await idOf(await server.user('player')), role_in_game: 'player' };
    expect((await admin.post(`/games/${game}/members`, strangers)).body.code).to.equal('user_not_found');
  });

  it('lets an editor have a token that writes sources, and a token of one workspace nothing of the installation', async () => {
    const [id, editor] = [await open(), await server.user('player')];
    await join(id, editor, 'editor');
    const scoped = server.client();
    scoped.bearer = await server.token(editor, 'sources.read', 'sources.write');
    const add = (title: string, where: string) => scoped.post('/sources', { title, workspace_id: where });
    expect((await add('By token', id)).status).to.equal(201);
    expect((await add('By token', HOME)).status).to.equal(403);
    const reading = server.client();
    reading.bearer = await server.token(editor, 'sources.read');
    expect((await reading.post('/sources', { title: 'No', workspace_id: id })).body.code).to.equal(
      'permission_missing',
    );
    const bound = (scopes: readonly string[], where: string) =>
      admin.post('/auth/tokens', { name: 'bound', scopes, workspace_id: where });
    expect((await bound(['users.read'], id)).body.code).to.equal('scopes_outside_workspace');
    expect((await bound(['chat.use'], 'wsp_nowhere')).body.code).to.equal('workspace_not_found');
    const issued = await bound(['chat.use'], id);
    expect(issued.body).to.include({ workspace_id: id });
    const rotated = await admin.post(`/auth/tokens/${issued.body.id}/rotate`);
    expect(rotated.body.workspace_id).to.equal(id);
  });
});

describe('HTTP: a single workspace', () => {
  it('is the only one: 403 single_workspace', async () => {
    const server = await startTestServer();
    const admin = await server.admin();
    expect((await admin.post('/workspaces', { name: 'Another' })).body).to.include({
      status: 403,
      code: 'single_workspace',
    });
    expect((await admin.get('/workspaces')).body.items).to.have.length(1);
    expect((await admin.post('/games', { name: 'A game' })).body.workspace_id).to.equal(HOME);
    await server.close();
  });
});
