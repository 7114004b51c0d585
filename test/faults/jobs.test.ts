/** kill -9 in the midst of jobs: each of them ends, and the effect of each of its steps is there once. */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import type { JobHandler } from '#application/jobs/ports.ts';
import type { RecordStores, Repos } from '#application/repos.ts';
import type { User } from '#domain/identity/user.ts';
import type { ThreadId } from '#domain/shared/ids.ts';
import { onBackends } from '../support/backends/backends.ts';
import { ON_LASTING_RECORDS } from '../support/backends/record-stores.ts';
import { addJobs, aNewJob, leaveTrace, nextCount, tracesIn, Worker } from '../support/builders/jobs.ts';
import { aMessage, aThread, aUser } from '../support/builders/records.ts';
import { anAppendGuard } from '../support/builders/window-changes.ts';
import { ROOT } from '../support/project.ts';
import { rounds } from '../support/reporting/rounds.ts';
import { ServerProcess } from '../support/servers/process.ts';
import { ADMIN, type Client, type Json } from '../support/servers/server.ts';
import { SqlPlace } from '../support/servers/sql-place.ts';
import { until } from '../support/until.ts';

const STEPS = 10;
/** More than are done before a kill. */
const JOBS_PER_KILL = 30;
/** Longest time from the first step to the kill, in milliseconds. */
const KILLED_WITHIN_MS = 150;
const ENDED_WITHIN_MS = 90_000;

const counting: JobHandler<Repos> = {
  isEssential: false,
  async step({ payload, checkpoint }) {
    return async (repos) => {
      const step = nextCount(checkpoint, STEPS);
      await leaveTrace(repos, `${payload.key}/${step.progress.done}`);
      return step;
    };
  },
};

/** Runs jobs in processes of their own, which are killed together. */
async function runAndKill(url: string, count: number): Promise<void> {
  const script = join(ROOT, 'test/support/servers/job-process.ts');
  const children: ChildProcess[] = Array.from({ length: count }, () => fork(script, [url, String(STEPS)]));
  try {
    await Promise.all(children.map((child) => once(child, 'message')));
    await sleep(Math.random() * KILLED_WITHIN_MS);
  } finally {
    const ended = children.map((child) => once(child, 'exit'));
    for (const child of children) child.kill('SIGKILL');
    await Promise.all(ended);
  }
}

onBackends('faults: kill -9 of workers', ON_LASTING_RECORDS, (backend) => {
  const kills = Math.ceil(rounds(100) / (backend === 'postgres' ? 2 : 1));
  /** Several processes share the work where the database can be shared. */
  const processes = backend === 'postgres' ? 2 : 1;

  it(`does every step of each job once, in ${kills} kills`, async function () {
    this.timeout(kills * 20_000 + ENDED_WITHIN_MS);
    const place = await SqlPlace.create(backend);
    try {
      const asked = Array.from({ length: kills * JOBS_PER_KILL }, (_, n) =>
        aNewJob({ key: `job ${n}`, payload: { key: `job ${n}` }, createdAt: new Date() }),
      );
      await place.use((database) => addJobs(database.stores(), ...asked));
      for (let kill = 0; kill < kills; kill += 1) await runAndKill(place.settings.DATABASE_URL ?? '', processes);
      await place.use(async (database) => {
        const stores = database.stores();
        const brokenOff = (await stores.reads.jobs.countActive()).find(({ status }) => status === 'running');
        expect(brokenOff?.count, 'the last kill came in the midst of jobs').to.be.greaterThan(0);
        const expected = asked.flatMap(({ key }) => Array.from({ length: STEPS }, (_, n) => [`${key}/${n + 1}`, 1]));
        const done = [...(await tracesIn(stores))].length;
        expect(done, 'steps before the end').to.be.within(kills, expected.length - 1);
        await finish(stores);
        expect([...(await tracesIn(stores))].toSorted()).to.deep.equal(expected.toSorted());
      });
    } finally {
      await place.remove();
    }
  });
});

/** Ends what is left, once the leases of the dead have run out. */
async function finish(stores: RecordStores): Promise<void> {
  const worker = new Worker(stores, { count: counting });
  for (let minutes = 1; (await stores.reads.jobs.countActive()).length > 0; minutes += 1) {
    worker.now = new Date(Date.now() + minutes * 60_000);
    await worker.run();
  }
  expect(worker.outcomes).not.to.include.members(['failed']);
}

const MESSAGES = 3_000;
const LEAVERS_PER_KILL = 2;

/** A thread in which everybody who is to be deleted has spoken, in pages that are far from each other. */
async function threadOf(stores: RecordStores, stays: User, leavers: readonly User[]): Promise<ThreadId> {
  const thread = aThread(stays.id);
  await stores.unitOfWork.run(async (repos) => {
    for (const user of [stays, ...leavers]) await repos.users.add(user);
    await repos.threads.add(thread);
  });
  const authors = [stays, ...leavers];
  const said = Array.from({ length: MESSAGES }, (_, n) =>
    aMessage(thread.id, { authorId: authors[n % authors.length]?.id ?? null, content: 'x', size: 1 }),
  );
  const guard = { ...anAppendGuard, ifVersion: thread.version, sizeBelow: 1e9, maxEntries: 1e9 };
  for (const message of said) await stores.conversations.append(message, guard, null);
  return thread.id;
}

onBackends('faults: kill -9 of a server with jobs', ON_LASTING_RECORDS, (backend) => {
  const kills = Math.ceil(rounds(100) / (backend === 'postgres' ? 4 : 1));

  it(`takes each deleted user off all of their messages by one job, in ${kills} kills`, async function () {
    this.timeout(kills * 20_000 + 2 * ENDED_WITHIN_MS);
    const place = await SqlPlace.create(backend);
    const stays = aUser();
    const leavers = Array.from({ length: kills * LEAVERS_PER_KILL }, () => aUser());
    let server: ServerProcess | undefined;
    try {
      const thread = await place.use((database) => threadOf(database.stores(), stays, leavers));
      server = await ServerProcess.start(place.settings);
      const { cookie } = await server.client().signIn(ADMIN.login, ADMIN.password);
      const client = () => Object.assign((server as ServerProcess).client(), { cookie });
      for (let kill = 0; kill < kills; kill += 1) {
        const going = leavers.slice(kill * LEAVERS_PER_KILL, (kill + 1) * LEAVERS_PER_KILL);
        for (const { id } of going) expect((await client().delete(`/admin/users/${id}`)).status).to.equal(204);
        await sleep(Math.random() * 600);
        await server.kill();
        server = await ServerProcess.startAgain(place.settings);
      }
      const ended = () => endedJobs(client(), leavers.length);
      const jobs = (await until(ended, 'every job has ended', ENDED_WITHIN_MS)) ?? [];
      expect(jobs.map(({ status }) => status)).to.deep.equal(leavers.map(() => 'done'));
      await server.kill();
      server = undefined;
      const authors = await place.use((database) => authorsOf(database.stores(), thread));
      expect(authors.get(stays.id)).to.equal(Math.ceil(MESSAGES / (leavers.length + 1)));
      expect([...authors.keys()]).to.have.members([stays.id, null]);
    } finally {
      await server?.kill();
      await place.remove();
    }
  });
});

/** The jobs once all of them are there and have ended. */
async function endedJobs(client: Client, count: number): Promise<readonly Json[] | undefined> {
  await sleep(200);
  const { items } = (await client.get('/jobs?limit=200')).body;
  const isOver = items.every(({ finished_at }: Json) => finished_at !== null);
  return items.length >= Math.min(count, 200) && isOver ? items : undefined;
}

/** How many messages each author has. */
async function authorsOf({ conversations }: RecordStores, thread: ThreadId) {
  const authors = new Map<string | null, number>();
  for (let after = 0; after < MESSAGES; after += 500)
    for (const { authorId } of await conversations.messages(thread, { limit: 500, after }))
      authors.set(authorId, (authors.get(authorId) ?? 0) + 1);
  return authors;
}
