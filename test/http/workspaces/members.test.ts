/** The members of workspaces over HTTP: who gives which role, who leaves, and the owner that there always is. */
import { expect } from 'chai';
import type { Client, Json, TestServer } from '../../support/servers/server.ts';
import { startTestServer } from '../../support/servers/server.ts';
import { onEveryStore } from '../../support/servers/stores.ts';

onEveryStore('HTTP: members of workspaces', () => {
  let server: TestServer;
  let admin: Client;
  let id: string;
  before(async () => {
    server = await startTestServer({ WORKSPACES: 'multi' });
    admin = await server.admin();
  });
  after(() => server.close());
  beforeEach(async () => {
    id = (await admin.post('/workspaces', { name: 'The North' })).body.id;
  });

  const idOf = async (client: Client): Promise<string> => (await client.get('/auth/me')).body.user.id;
  const path = async (client: Client, where = id) => `/workspaces/${where}/members/${await idOf(client)}`;
  const add = async (client: Client, role: string, by = admin) =>
    by.post(`/workspaces/${id}/members`, { user_id: await idOf(client), role });
  async function member(role: string): Promise<Client> {
    const client = await server.user('player');
    expect((await add(client, role)).status).to.equal(201);
    return client;
  }

  it('are listed in the order in which they joined, to members', async () => {
    const reader = await member('reader');
    const { items } = (await reader.get(`/workspaces/${id}/members`)).body;
    expect(items.map(({ user_id, role }: Json) => [user_id, role])).to.deep.equal([
      [await idOf(admin), 'owner'],
      [await idOf(reader), 'reader'],
    ]);
  });

  it('are made by admins, but owners by owners alone: 403; nobody twice: 409; only of users: 404', async () => {
    const [editor, keeper, guest] = [await member('editor'), await member('admin'), await server.user('player')];
    expect((await add(guest, 'reader', editor)).body.code).to.equal('workspace_admin_required');
    expect((await add(guest, 'owner', keeper)).body.code).to.equal('workspace_owner_required');
    expect((await add(guest, 'admin', keeper)).status).to.equal(201);
    expect((await add(guest, 'admin', keeper)).body.code).to.equal('already_in_workspace');
    const nobody = await admin.post(`/workspaces/${id}/members`, { user_id: 'usr_nobody', role: 'reader' });
    expect(nobody.body.code).to.equal('user_not_found');
    expect((await keeper.patch(await path(admin), { role: 'reader' })).body.code).to.equal('workspace_owner_required');
    expect((await keeper.delete(await path(admin))).body.code).to.equal('workspace_owner_required');
    expect((await editor.patch(await path(guest), { role: 'reader' })).body.code).to.equal('workspace_admin_required');
  });

  it('always have an owner: 409 last_owner, also where the user would be deleted', async () => {
    const owner = await member('owner');
    expect((await admin.patch(await path(admin), { role: 'editor' })).body.role).to.equal('editor');
    expect((await owner.patch(await path(owner), { role: 'reader' })).body.code).to.equal('last_owner');
    expect((await owner.delete(await path(owner))).body.code).to.equal('last_owner');
    const deleted = await admin.delete(`/admin/users/${await idOf(owner)}`);
    expect(deleted.body).to.deep.include({ status: 409, code: 'last_owner', workspace_id: id });
    await owner.patch(await path(admin), { role: 'owner' });
    expect((await owner.delete(await path(owner))).status).to.equal(204);
  });

  it('lose what their role gave from the next request on', async () => {
    const editor = await member('editor');
    const post = (title: string) => editor.post('/sources', { title, workspace_id: id });
    expect((await post('One')).status).to.equal(201);
    await admin.patch(await path(editor), { role: 'reader' });
    expect((await post('Two')).status).to.equal(403);
    await admin.delete(await path(editor));
    expect((await post('Three')).body.code).to.equal('permission_missing');
    expect((await editor.get(`/sources?workspace_id=${id}`)).body.code).to.equal('workspace_not_found');
    expect((await admin.delete(await path(editor))).body.code).to.equal('workspace_member_not_found');
  });

  it('leave its games with it, unless they are the only GM of one: 409 last_gm', async () => {
    const gm = await server.user('gm');
    await add(gm, 'reader');
    const game = (await gm.post('/games', { name: 'A game', workspace_id: id })).body.id;
    const thread = (await gm.post('/chat', { game_id: game })).body.id;
    expect((await gm.delete(await path(gm))).body.code).to.equal('last_gm');
    const heir = await member('reader');
    await gm.post(`/games/${game}/members`, { user_id: await idOf(heir), role_in_game: 'gm' });
    expect((await gm.delete(await path(gm))).status).to.equal(204);
    expect((await gm.get(`/games/${game}`)).status).to.equal(404);
    expect((await gm.get(`/chat/${thread}`)).status).to.equal(404);
    expect((await heir.get(`/chat/${thread}`)).body.thread.owner_id).to.equal(await idOf(heir));
    const { items } = (await admin.get('/admin/audit?action=workspace_members.leave')).body;
    expect(items[0]).to.deep.include({
      subject: `workspace:${id}`,
      before: { user_id: await idOf(gm), role: 'reader' },
      after: null,
    });
  });

  it('hear nothing of a conversation from the moment on at which they are removed', async () => {
    const [gm, reader] = [await server.user('gm'), await member('reader')];
    await add(gm, 'reader');
    const game = (await gm.post('/games', { name: 'A game', workspace_id: id })).body.id;
    await gm.post(`/games/${game}/members`, { user_id: await idOf(reader), role_in_game: 'player' });
    const thread = (await gm.post('/chat', { game_id: game })).body.id;
    const live = await fetch(`${server.url}/api/v1/chat/${thread}/live`, { headers: { Cookie: reader.cookie ?? '' } });
    expect(live.status).to.equal(200);
    await admin.delete(await path(reader));
    let text = '';
    const decoder = new TextDecoder();
    // It ends by itself, before anything is said.
    for await (const chunk of live.body ?? []) text += decoder.decode(chunk as Uint8Array);
    expect(text).not.to.include('event: message');
  });

  it('of Home are all users, whom nobody makes or removes there; who has the role admin is an owner', async () => {
    const home = 'wsp_home';
    const player = await server.user('player');
    expect((await player.get(`/workspaces/${home}/members`)).body.code).to.equal('workspace_admin_required');
    const body = { user_id: await idOf(player), role: 'editor' };
    expect((await admin.post(`/workspaces/${home}/members`, body)).body.code).to.equal('home_workspace');
    expect((await player.delete(await path(player, home))).body.code).to.equal('home_workspace');
    expect((await admin.patch(await path(player, home), { role: 'editor' })).body.role).to.equal('editor');
    expect((await player.post('/sources', { title: 'At home' })).status).to.equal(201);
    expect((await admin.patch(await path(player, home), { role: 'reader' })).body.role).to.equal('reader');
    expect((await player.post('/sources', { title: 'At home again' })).status).to.equal(403);
    expect((await admin.patch(await path(admin, home), { role: 'reader' })).body.code).to.equal('home_owner');
    const { items } = (await admin.get(`/workspaces/${home}/members?limit=1`)).body;
    expect(items[0].role).to.equal('owner');
  });
});
