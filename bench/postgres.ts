/** The same over HTTP with the records on PostgreSQL, where one answers: appends, the meter, and who is asking. */
import { createDatabase, dropDatabase, postgresAnswers } from '../test/support/servers/temporary-postgres.ts';
import { Answering, withFolder } from './children.ts';
import {
  appendsTo,
  CONNECTIONS,
  checkNotCompacted,
  FRESH_THREADS,
  type Generator,
  load,
  loadGenerator,
  PLAN,
  reads,
  type Server,
  usageOf,
} from './http/requests.ts';
import { type Measurement, mediansOf } from './rounds.ts';
import { leftOut, type Row, rateRow } from './table.ts';
import { type RunningTavernkeep, signIn, startTavernkeep, startThreads } from './tavernkeep.ts';

const SESSION_PATH = '/api/v1/auth/me';

export async function run(): Promise<Row[]> {
  if (!(await postgresAnswers())) return [leftOut('the rows of PostgreSQL', 'none answers at TEST_POSTGRES_URL')];
  return withDatabase((ours) => withDatabase((peers) => withFolder((folder) => measured({ folder, ours, peers }))));
}

async function withDatabase<T>(work: (url: string) => Promise<T>): Promise<T> {
  const url = await createDatabase();
  try {
    return await work(url);
  } finally {
    await dropDatabase(url);
  }
}

type Places = Readonly<{ folder: string; ours: string; peers: string }>;

/** Both databases are of one server, so that a commit of either is equally durable. */
async function measured({ folder, ours: DATABASE_URL, peers }: Places): Promise<Row[]> {
  const generator = loadGenerator();
  const insert = new Answering('http/express-peer.ts', ['insert-postgres', peers]);
  const bare = new Answering('http/express-peer.ts', ['json']);
  let ours: RunningTavernkeep | undefined;
  try {
    ours = await startTavernkeep(folder, undefined, { DATABASE_URL });
    await generator.ready();
    return await measure(generator, {
      ours: { url: ours.url, headers: { cookie: await signIn(ours.url) } },
      insert: { ...(await insert.ready<Server>()), headers: {} },
      bare: { ...(await bare.ready<Server>()), headers: {} },
    });
  } finally {
    for (const child of [generator, insert, bare]) child.close();
    await ours?.process.stop();
  }
}

type Servers = Readonly<Record<'ours' | 'insert' | 'bare', Server>>;
type Figure = 'fresh' | 'hot' | 'insert' | 'usage' | 'session' | 'bareGet';

async function measure(generator: Generator, { ours, insert, bare }: Servers): Promise<Row[]> {
  const { cookie } = ours.headers as { cookie: string };
  const startFresh = (count: number) => startThreads(ours.url, cookie, count);
  const [threads, hot] = [await startFresh(CONNECTIONS), await startFresh(1)];
  const peerThreads = threads.map((_, index) => `/chat/thread-${index}`);
  const measurements: Record<Figure, Measurement> = {
    fresh: async (seconds) => {
      const fresh = await startFresh(CONNECTIONS * FRESH_THREADS);
      const figure = await load(generator, ours, appendsTo(fresh))(seconds);
      await checkNotCompacted(ours, fresh);
      return figure;
    },
    insert: load(generator, insert, appendsTo(peerThreads)),
    hot: load(generator, ours, appendsTo(hot)),
    usage: load(generator, ours, reads(usageOf(threads))),
    bareGet: load(generator, bare, reads(usageOf(peerThreads))),
    session: load(generator, ours, reads([SESSION_PATH])),
  };
  return rowsOf(await mediansOf(measurements, PLAN));
}

function rowsOf({ fresh, hot, insert, usage, session, bareGet }: Record<Figure, number>): Row[] {
  const inserting = { name: 'Express + one pg INSERT, pool of 10', rate: insert };
  const bare = { name: 'Express, no database', rate: bareGet };
  return [
    rateRow('PostgreSQL: append over HTTP, 300 threads, none at its trigger', fresh, inserting, 0.8),
    rateRow('PostgreSQL: append over HTTP, one hot thread, compacting as it goes', hot, inserting, 0.5),
    rateRow('PostgreSQL: GET context-usage', usage, bare, 0.6),
    rateRow('PostgreSQL: GET /auth/me with a session cookie', session, bare, 0.6),
  ];
}
