/** Invitations to workspaces over HTTP: made by admins, answered by whoever has the code. */
import { expect } from 'chai';
import type { Client, TestServer } from '../../support/servers/server.ts';
import { startTestServer } from '../../support/servers/server.ts';
import { onEveryStore } from '../../support/servers/stores.ts';

onEveryStore('HTTP: invitations to workspaces', () => {
  let server: TestServer;
  let admin: Client;
  let id: string;
  before(async () => {
    server = await startTestServer({ WORKSPACES: 'multi' });
    admin = await server.admin();
    id = (await admin.post('/workspaces', { name: 'The North' })).body.id;
  });
  after(() => server.close());

  const idOf = async (client: Client): Promise<string> => (await client.get('/auth/me')).body.user.id;
  const invite = async (body: object = {}, by = admin) => (await by.post(`/workspaces/${id}/invitations`, body)).body;
  const answer = (client: Client, code: string, how: string) => client.post(`/invitations/${code}/${how}`);

  it('show where they lead without signing in, and make whoever accepts a member, who uses it once', async () => {
    const guest = await server.user('player');
    const { code, url, ...made } = await invite({ role: 'editor' });
    expect(url).to.equal(`${server.url}/#/invitations/${code}`);
    expect((await server.client().get(`/invitations/${code}`)).body).to.deep.equal({
      workspace_name: 'The North',
      role: 'editor',
      expires_at: made.expires_at,
    });
    const accepted = await answer(guest, code, 'accept');
    expect(accepted.body).to.include({ user_id: await idOf(guest), role: 'editor' });
    expect((await answer(guest, code, 'accept')).body).to.deep.equal(accepted.body);
    expect((await answer(await server.user('player'), code, 'accept')).body.code).to.equal('invitation_used_up');
    expect((await guest.get(`/workspaces/${id}`)).body.my_role).to.equal('editor');
    const { items } = (await admin.get(`/workspaces/${id}/invitations`)).body;
    expect(items[0]).to.deep.equal({ ...made, uses: 1 });
    const [entry] = (await admin.get('/admin/audit?action=workspace_invitations.accept')).body.items;
    expect(entry).to.deep.include({
      subject: `workspace:${id}`,
      after: { invitation_id: made.id, user_id: await idOf(guest), role: 'editor' },
    });
  });

  it('are over once they are taken back, or their inviter may not give that role any more: 410', async () => {
    const [keeper, guest] = [await server.user('player'), await server.user('player')];
    await admin.post(`/workspaces/${id}/members`, { user_id: await idOf(keeper), role: 'admin' });
    const refused = await keeper.post(`/workspaces/${id}/invitations`, { role: 'owner' });
    expect(refused.body.code).to.equal('workspace_owner_required');
    const [first, second] = [await invite({}, keeper), await invite({}, keeper)];
    expect((await admin.delete(`/workspaces/${id}/invitations/${first.id}`)).status).to.equal(204);
    expect((await answer(guest, first.code, 'accept')).body.code).to.equal('invitation_over');
    expect((await server.client().get(`/invitations/${first.code}`)).body.code).to.equal('invitation_not_found');
    await admin.patch(`/workspaces/${id}/members/${await idOf(keeper)}`, { role: 'editor' });
    expect((await answer(guest, second.code, 'accept')).body.code).to.equal('invitation_over');
  });

  it('for one address are for that user alone, and end when they decline; a token brings nobody in', async () => {
    const [guest, other] = [await server.user('player'), await server.user('player')];
    const { email } = (await guest.get('/auth/me')).body.user;
    const { code } = await invite({ email });
    expect((await answer(other, code, 'accept')).body.code).to.equal('invitation_for_another');
    const token = server.client();
    token.bearer = await server.token(guest, 'games.use');
    expect((await answer(token, code, 'accept')).body.code).to.equal('session_required');
    expect((await answer(guest, code, 'decline')).status).to.equal(204);
    expect((await answer(guest, code, 'accept')).body.code).to.equal('invitation_over');
    const [entry] = (await admin.get('/admin/audit?action=workspace_invitations.decline')).body.items;
    expect(entry.after).to.include({ revoked: true, for_one_email: true });
    expect((await answer(guest, 'A'.repeat(43), 'accept')).body.code).to.equal('invitation_not_found');
  });

  it('lead nobody to Home, where everybody is; and the same key makes the same one, without its code', async () => {
    expect((await admin.post('/workspaces/wsp_home/invitations', {})).body.code).to.equal('home_workspace');
    const key = { 'Idempotency-Key': 'once-and-for-all' };
    const made = await admin.post(`/workspaces/${id}/invitations`, {}, key);
    const again = await admin.post(`/workspaces/${id}/invitations`, {}, key);
    expect(again.headers.get('idempotent-replayed')).to.equal('true');
    const { code: _, url: __, ...withoutCode } = made.body;
    expect(again.body).to.deep.equal(withoutCode);
  });
});
