/** The jobs that somebody asked for, followed by server-sent events. */
import { expect } from 'chai';
import type { JobId, UserId } from '#domain/shared/ids.ts';
import { tokens } from '#infrastructure/wiring/tokens.ts';
import { aNewJob } from '../../support/builders/jobs.ts';
import { EventStream } from '../../support/servers/event-stream.ts';
import { type Client, startTestServer, type TestServer } from '../../support/servers/server.ts';
import { onEveryStore } from '../../support/servers/stores.ts';
import { until } from '../../support/until.ts';

onEveryStore('HTTP: jobs that are followed', () => {
  let server: TestServer;
  let client: Client;
  let userId: UserId;
  const opened: EventStream[] = [];

  before(async () => {
    server = await startTestServer({ LIVE_STREAMS_PER_USER: '2' });
  });
  after(() => server.close());
  beforeEach(async () => {
    client = await server.user('player');
    userId = (await client.get('/auth/me')).body.user.id;
  });
  afterEach(async () => {
    for (const stream of opened.splice(0)) stream.leave();
  });

  async function follow(by = client): Promise<EventStream> {
    const stream = await EventStream.at(server.url, by, '/jobs/live');
    opened.push(stream);
    return stream;
  }

  /** A job of a kind that nobody does, so that it stays as it is. */
  async function ask(requestedBy = userId): Promise<JobId> {
    const job = aNewJob({ kind: 'nothing', requestedBy, createdAt: new Date() });
    await server.application.container.get(tokens.unitOfWork).run(({ jobs }) => jobs.add(job));
    return job.id;
  }
  const told = (stream: EventStream) => stream.of('job').map(({ data }) => [data.id, data.status]);

  it('tells the jobs that there are, and then each that changes, as it is read otherwise', async () => {
    const first = await ask();
    const stream = await follow();
    await stream.has(1, 'job');
    const second = await ask();
    await stream.has(2, 'job');
    await client.post(`/jobs/${first}/cancel`);
    await stream.has(3, 'job');
    expect(told(stream)).to.deep.equal([
      [first, 'queued'],
      [second, 'queued'],
      [first, 'canceled'],
    ]);
    expect(stream.events.at(-1)?.data).to.deep.equal((await client.get(`/jobs/${first}`)).body);
    expect(stream.events.map(({ event }) => event)).to.deep.equal(['job', 'job', 'job']);
  });

  it('tells who comes back what has ended meanwhile', async () => {
    const id = await ask();
    (await follow()).leave();
    await client.post(`/jobs/${id}/cancel`);
    const again = await follow();
    await again.has(1, 'job');
    expect(told(again)).to.deep.equal([[id, 'canceled']]);
  });

  it('tells nobody of what another has asked for', async () => {
    const stranger = await server.user('gm');
    const [mine, other] = [await follow(), await follow(stranger)];
    await ask();
    await mine.has(1, 'job');
    await client.post(`/jobs/${mine.of('job')[0]?.data.id}/cancel`);
    await mine.has(2, 'job');
    expect(other.events).to.deep.equal([]);
  });

  it('ends with the session that opened it', async () => {
    const stream = await follow();
    const session = (await client.get('/auth/sessions')).body.items[0].id;
    await client.delete(`/auth/sessions/${session}`);
    expect(await stream.over).to.equal('ended');
  });

  it('counts among the live streams of a user, and gives its slot back', async () => {
    const streams = [await follow(), await follow()];
    expect((await client.get('/jobs/live')).body.code).to.equal('live_streams_full');
    const { id } = (await client.post('/chat', {})).body;
    expect((await client.get(`/chat/${id}/live`)).body.code).to.equal('live_streams_full');
    streams[0]?.leave();
    await until(async () => (await follow()).response.statusCode === 200, 'there is room again');
  });
});
