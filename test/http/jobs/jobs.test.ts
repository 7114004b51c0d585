/** Jobs over HTTP. */
import { expect } from 'chai';
import { queuedJob, withCancelRequest } from '#domain/jobs/job.ts';
import type { JobId, UserId } from '#domain/shared/ids.ts';
import { tokens } from '#infrastructure/wiring/tokens.ts';
import { aNewJob } from '../../support/builders/jobs.ts';
import { at } from '../../support/builders/records.ts';
import { type Client, type Json, startTestServer, type TestServer } from '../../support/servers/server.ts';
import { onEveryStore } from '../../support/servers/stores.ts';
import { until } from '../../support/until.ts';

onEveryStore('HTTP: jobs', () => {
  let server: TestServer;
  let [admin, user, stranger]: Client[] = [];
  let [adminId, userId]: UserId[] = [];
  const as = (client: Client | undefined) => client as Client;
  const idOf = async (client: Client | undefined) => (await as(client).get('/auth/me')).body.user.id as UserId;
  const unitOfWork = () => server.application.container.get(tokens.unitOfWork);
  const refused = (answer: { status: number; body: { code: string } }) => [answer.status, answer.body.code];

  before(async () => {
    server = await startTestServer();
    [admin, user, stranger] = [await server.admin(), await server.user('player'), await server.user('gm')];
    [adminId, userId] = [await idOf(admin), await idOf(user)];
  });
  after(() => server.close());

  /** A job of the user, of a kind that nobody does. */
  async function ask(fields: Parameters<typeof aNewJob>[0] = {}): Promise<JobId> {
    const asked = aNewJob({ kind: 'nothing', requestedBy: userId as UserId, ...fields });
    await unitOfWork().run(({ jobs }) => jobs.add(asked));
    return asked.id;
  }
  const canceled = async (fields: Parameters<typeof aNewJob>[0] = {}) => {
    const id = await ask(fields);
    await unitOfWork().run(async ({ jobs }) => {
      const job = await jobs.find(id);
      if (job !== undefined) await jobs.save(withCancelRequest(job, at(1)));
    });
    return id;
  };

  it('shows a job as it is, to whoever asked for it and to holders of system.read', async () => {
    const id = await ask();
    const shown = {
      id,
      kind: 'nothing',
      workspace_id: null,
      requested_by: userId,
      status: 'queued',
      progress: { done: 0, total: null, note: null },
      attempts: 0,
      error: null,
      created_at: at(0).toISOString(),
      started_at: null,
      finished_at: null,
    };
    for (const client of [user, admin]) expect((await as(client).get(`/jobs/${id}`)).body).to.deep.equal(shown);
  });

  it('refuses with 404 what another asked for, as what there is not', async () => {
    const id = await ask();
    for (const path of [`/jobs/${id}`, '/jobs/job_missing', '/jobs/src_1'])
      expect(refused(await as(stranger).get(path)), path).to.deep.equal([404, 'job_not_found']);
    for (const action of ['cancel', 'retry'])
      expect(refused(await as(stranger).post(`/jobs/${id}/${action}`))).to.deep.equal([404, 'job_not_found']);
    expect((await as(user).get(`/jobs/${id}`)).body.status).to.equal('queued');
  });

  it('lets holders of system.read alone see what another asked for, and change nothing of it', async () => {
    const developer = await server.user('developer');
    const [waiting, ended] = [await ask(), await canceled()];
    for (const [id, action] of [
      [waiting, 'cancel'],
      [ended, 'retry'],
    ]) {
      const answer = await developer.post(`/jobs/${id}/${action}`);
      expect(refused(answer)).to.deep.equal([404, 'job_not_found']);
    }
    expect((await developer.get(`/jobs/${waiting}`)).body.status).to.equal('queued');
    expect((await developer.get(`/jobs/${ended}`)).body.status).to.equal('canceled');
    expect((await as(admin).post(`/jobs/${waiting}/cancel`)).body.status).to.equal('canceled');
    expect((await as(admin).post(`/jobs/${ended}/retry`)).body.status).to.equal('queued');
  });

  it('lists my own, newest first, in pages, and all of them for holders of system.read alone', async () => {
    const ids = [await ask({ createdAt: at(10) }), await ask({ createdAt: at(11) })];
    const other = await ask({ createdAt: at(12), requestedBy: adminId as UserId });
    const listed = async (client: Client | undefined, query: string) => (await as(client).get(`/jobs?${query}`)).body;
    const first = await listed(user, 'limit=1');
    const second = await listed(user, `limit=1&cursor=${first.next_cursor}`);
    expect([...first.items, ...second.items].map(({ id }: { id: string }) => id)).to.deep.equal(ids.toReversed());
    expect((await listed(stranger, 'limit=9')).items).to.deep.equal([]);
    const all = (await listed(admin, 'all=true&limit=3')).items.map(({ id }: { id: string }) => id);
    expect(all).to.deep.equal([other, ...ids.toReversed()]);
    expect(refused(await as(user).get('/jobs?all=true'))).to.deep.equal([403, 'permission_missing']);
    expect(refused(await as(user).get('/jobs?cursor=bm9wZQ'))).to.deep.equal([400, 'malformed_cursor']);
  });

  it('cancels what waits at once, and what runs before its next step', async () => {
    const [waiting, running] = [await ask(), await ask()];
    expect((await as(user).post(`/jobs/${waiting}/cancel`)).body).to.include({ status: 'canceled' });
    await unitOfWork().run(async ({ jobs }) => {
      const job = await jobs.find(running);
      if (job !== undefined) await jobs.save({ ...job, status: 'running' });
    });
    // What changes nothing is not told twice.
    for (const client of [admin, user])
      expect((await as(client).post(`/jobs/${running}/cancel`)).body).to.include({ status: 'running' });
    const entries = await until(async () => {
      const { items } = (await as(admin).get(`/admin/audit?subject=job:${running}`)).body;
      return items.length > 0 && items;
    }, 'the audit tells of it');
    expect(entries.map(({ actor_id }: Json) => actor_id)).to.deep.equal([adminId]);
    expect(await unitOfWork().run(({ jobs }) => jobs.find(running))).to.include({ cancelRequested: true });
    expect(refused(await as(user).post(`/jobs/${waiting}/cancel`))).to.deep.equal([409, 'job_ended']);
  });

  it('cancels nothing that has to be done', async () => {
    const id = await ask({ kind: 'anonymize_messages', createdAt: new Date('2100-01-01T00:00:00Z') });
    for (const client of [user, admin])
      expect(refused(await as(client).post(`/jobs/${id}/cancel`))).to.deep.equal([409, 'job_essential']);
    expect((await as(user).get(`/jobs/${id}`)).body.status).to.equal('queued');
  });

  it('queues again what was canceled or failed, unless the same is under way', async () => {
    const id = await canceled({ key: 'the same' });
    expect((await as(user).post(`/jobs/${id}/retry`)).body).to.include({ status: 'queued', finished_at: null });
    expect(refused(await as(user).post(`/jobs/${id}/retry`))).to.deep.equal([409, 'job_not_failed']);
    await as(user).post(`/jobs/${id}/cancel`);
    await ask({ key: 'the same' });
    expect(refused(await as(user).post(`/jobs/${id}/retry`))).to.deep.equal([409, 'job_active']);
    const failed = { ...queuedJob(aNewJob({ kind: 'nothing', requestedBy: userId as UserId })), error: 'No.' };
    await unitOfWork().run(async ({ jobs }) => {
      await jobs.add(failed);
      await jobs.save({ ...failed, status: 'failed', attempts: 6 });
    });
    expect((await as(user).get(`/jobs/${failed.id}`)).body).to.include({ status: 'failed', error: 'No.' });
    expect((await as(user).post(`/jobs/${failed.id}/retry`)).body).to.include({
      status: 'queued',
      attempts: 0,
      error: null,
    });
  });

  it('takes deleted users off their messages by a job that whoever deleted them sees', async () => {
    const leaver = await server.user('gm');
    const leaverId = await idOf(leaver);
    const { id: game } = (await leaver.post('/games', { name: 'Vox Machina' })).body;
    await leaver.post(`/games/${game}/members`, { user_id: userId, role_in_game: 'gm' });
    const { id: thread } = (await leaver.post('/chat', { game_id: game })).body;
    await leaver.post(`/chat/${thread}`, { content: 'Well met.' });
    expect((await as(admin).delete(`/admin/users/${leaverId}`)).status).to.equal(204);
    const job = await until(async () => {
      const { items } = (await as(admin).get('/jobs?limit=1')).body;
      return items[0]?.status === 'done' && items[0];
    }, 'the job is done');
    expect(job).to.deep.include({ kind: 'anonymize_messages', requested_by: adminId, error: null });
    const { items } = (await as(user).get(`/chat/${thread}/messages`)).body;
    expect(items.map((message: { author_id: unknown }) => message.author_id)).to.deep.equal([null]);
  });
});
