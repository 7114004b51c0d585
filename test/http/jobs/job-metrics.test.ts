/** What the metrics tell of jobs: how attempts ended, and what waits. */
import { expect } from 'chai';
import { tokens } from '#infrastructure/wiring/tokens.ts';
import { aNewJob } from '../../support/builders/jobs.ts';
import { Scraped } from '../../support/metrics/scraped.ts';
import { startTestServer, type TestServer } from '../../support/servers/server.ts';
import { until } from '../../support/until.ts';

const AGE_MS = 90_000;

describe('HTTP: metrics of jobs', () => {
  let server: TestServer;
  before(async () => {
    server = await startTestServer();
  });
  after(() => server.close());

  const scrape = async () => new Scraped((await server.client().get('/metrics')).text);

  it('begin each kind and outcome at 0, and count how attempts end', async () => {
    const done = { kind: 'anonymize_messages', outcome: 'done' };
    const before = await scrape();
    expect(before.value('tavernkeep_jobs_total', done)).to.equal(0);
    expect(before.value('tavernkeep_jobs_total', { ...done, outcome: 'failed' })).to.equal(0);
    const [admin, leaver] = [await server.admin(), await server.user()];
    await admin.delete(`/admin/users/${(await leaver.get('/auth/me')).body.user.id}`);
    await until(async () => (await scrape()).value('tavernkeep_jobs_total', done) === 1, 'one job is done');
  });

  it('tell how many wait, and for how long', async () => {
    const createdAt = new Date(Date.now() - AGE_MS);
    await server.application.container.get(tokens.unitOfWork).run(async ({ jobs }) => {
      for (const at of [createdAt, new Date()]) await jobs.add(aNewJob({ kind: 'nothing', createdAt: at }));
    });
    const waiting = { kind: 'nothing', status: 'queued' };
    const scraped = await scrape();
    expect(scraped.value('tavernkeep_jobs', waiting)).to.equal(2);
    expect(scraped.value('tavernkeep_oldest_job_age_seconds', waiting)).to.be.within(
      AGE_MS / 1_000,
      AGE_MS / 1_000 + 60,
    );
  });
});
