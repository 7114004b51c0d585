/** Refinements with two servers on one PostgreSQL and one Redis: of each summary one is asked for, and committed. */
import { expect } from 'chai';
import { onBackends, type Plan } from '../support/backends/backends.ts';
import { talk } from '../support/builders/long-talk.ts';
import { type ModelServer, says, startModelServer } from '../support/model/model-server.ts';
import { rounds } from '../support/reporting/rounds.ts';
import { answered, Installation } from '../support/servers/installation.ts';
import { hasRedisProgram } from '../support/servers/own-redis.ts';
import type { Client, Json } from '../support/servers/server.ts';
import { until } from '../support/until.ts';

const ALONE = { skip: 'several servers need PostgreSQL and Redis' };
const PLAN: Plan = { memory: ALONE, sqlite: ALONE, embedded: ALONE, redis: ALONE, postgres: 'run' };
const SERVERS = 2;
const ROUNDS = rounds(50);
const GOOD = '#1 user: the party walks through the mines of Kraghammer.';

onBackends('Refinements of two servers', PLAN, () => {
  let model: ModelServer;
  let installation: Installation;
  let admin: Client;

  before(async function () {
    this.timeout(180_000);
    if (!hasRedisProgram()) return this.skip();
    model = await startModelServer();
    installation = await Installation.start(SERVERS, {
      CTX_MAX_TOKENS: '1000',
      COMPACT_STRATEGIES: 'window',
      LLM_BASE_URL: model.url,
      LLM_MODEL: 'narrator-7b',
      LLM_REFINE: 'on',
    });
    admin = (await installation.admin()).client;
  });
  after(async () => {
    await installation?.remove();
    await model?.close();
  });

  const at = (server: number) => installation.at(server, admin);
  const newThread = async (): Promise<string> => (await answered(201, at(0).post('/chat', {}))).id;
  const kinds = async (thread: string): Promise<string[]> =>
    (await answered(200, at(0).get(`/chat/${thread}/events`))).items.map(({ kind }: Json) => kind);
  /** How the refinements of a thread ended, at both servers. */
  const outcomes = (thread: string): string[] =>
    installation.servers
      .flatMap(({ output }) => output.split('\n'))
      .filter((line) => line.includes('"msg":"refinement"') && line.includes(thread))
      .map((line) => JSON.parse(line).outcome)
      .toSorted();
  const ended = (thread: string, ...all: readonly string[]) =>
    until(() => outcomes(thread).join() === all.join(), `refinements end as ${all.join(' and ')}`);

  /** Appends at one server until the window was compacted, so that this server wants its summary refined. */
  async function compactAt(server: number, thread: string): Promise<void> {
    for (let n = 1; n <= 20; n += 1)
      if ((await answered(201, at(server).post(`/chat/${thread}`, { content: talk(n) }))).compaction) return;
    throw new Error('Nothing is compacted.');
  }

  /** The model takes each request, and answers it when it is told to. */
  function holding() {
    const taken: (() => void)[] = [];
    model.will(async (response, one) => {
      await new Promise<void>((resolve) => taken.push(resolve));
      await says(GOOD)(response, one);
    });
    return taken;
  }

  it(`make and commit one of a summary that both want refined, ${ROUNDS} times`, async function () {
    this.timeout(60_000 + ROUNDS * 20_000);
    for (let round = 0; round < ROUNDS; round += 1) {
      const taken = holding();
      const [other, thread] = [await newThread(), await newThread()];
      const [here, there] = [round % SERVERS, (round + 1) % SERVERS];
      await compactAt(here, other);
      await until(() => taken.length === 1, 'one server has something to do');
      await compactAt(here, thread);
      await compactAt(there, thread);
      await until(() => taken.length === 2, 'the other server asks for a summary that both want refined');
      // The first server comes to it while the other is at it, or when it is done.
      const [first, second] = taken as [() => void, () => void];
      if (round % 4 < 2) {
        first();
        await ended(thread, 'elsewhere');
        second();
        await ended(thread, 'elsewhere', 'refined');
      } else {
        second();
        await ended(thread, 'refined');
        first();
        await ended(thread, 'overtaken', 'refined');
      }
      expect(taken).to.have.length(2);
      expect(await kinds(thread)).to.deep.equal(['refined', 'compacted', 'compacted']);
    }
  });
});
