/** Three servers on one PostgreSQL and one Redis append to one thread, repeat themselves at another, and compact it. */
import { expect } from 'chai';
import { onBackends, type Plan } from '../support/backends/backends.ts';
import { rounds } from '../support/reporting/rounds.ts';
import { answered, Installation, type Person } from '../support/servers/installation.ts';
import { hasRedisProgram } from '../support/servers/own-redis.ts';
import type { Answer, Json } from '../support/servers/server.ts';

const ALONE = { skip: 'several servers need PostgreSQL and Redis' };
const PLAN: Plan = { memory: ALONE, sqlite: ALONE, embedded: ALONE, redis: ALONE, postgres: 'run' };
const SERVERS = 3;
const WRITERS = 6;
const MESSAGES = 4;
const ROUNDS = rounds(100);
/** Six writers fill it more than once. */
const BUDGET = { CTX_MAX_TOKENS: '1000' };
const TEXT = 'The door creaks, and somebody laughs behind it. '.repeat(6);

onBackends('Appends of three servers', PLAN, () => {
  let installation: Installation;
  let owner: Person;

  before(async function () {
    this.timeout(180_000);
    if (!hasRedisProgram()) return this.skip();
    installation = await Installation.start(SERVERS, BUDGET);
    owner = await installation.person('developer');
  });
  after(() => installation?.remove());

  const at = (server: number) => installation.at(server, owner.client);

  /** The same message under the same key, at two servers at once: what was stored, once. */
  async function appendTwice(thread: string, content: string, server: number): Promise<Json> {
    const key = { 'Idempotency-Key': `${thread} ${content.slice(0, 30)}` };
    const append = async (one: number): Promise<Answer> => {
      const answer = await at(one).post(`/chat/${thread}`, { content }, key);
      // Nothing was stored: too many were faster.
      return answer.body?.code === 'append_contended' ? append(one) : answer;
    };
    const answers = await Promise.all([append(server), append(server + 1)]);
    const stored = answers.filter(({ status }) => status === 201).map(({ body }) => body.message);
    for (const { body, status } of answers)
      expect(status === 201 ? null : body.code).to.be.oneOf([null, 'idempotency_in_flight']);
    expect(stored).not.to.be.empty;
    expect(new Set(stored.map(({ seq }) => seq)).size).to.equal(1);
    const again = await answered(201, append(server + 2));
    expect(again.message).to.deep.equal(stored[0]);
    return stored[0];
  }

  async function write(thread: string, writer: number): Promise<Json[]> {
    const stored: Json[] = [];
    for (let n = 0; n < MESSAGES; n += 1)
      stored.push(await appendTwice(thread, `Writer ${writer}, message ${n}. ${TEXT}`, writer + n));
    return stored;
  }

  const seqsOf = ({ from_seq: from, to_seq: to, seqs }: Json): number[] =>
    seqs ?? Array.from({ length: to - from + 1 }, (_, i) => from + i);

  it(`lose, double and reorder nothing, while they compact it, ${ROUNDS} times`, async function () {
    this.timeout(60_000 + ROUNDS * 10_000);
    for (let round = 0; round < ROUNDS; round += 1) {
      const { id: thread } = await answered(201, at(round).post('/chat', {}));
      let writing = true;
      const compacting = (async () => {
        const answers: Answer[] = [];
        while (writing) answers.push(await at(answers.length).post(`/chat/${thread}/compact-now`, {}));
        return answers;
      })();
      const written = await Promise.all(Array.from({ length: WRITERS }, (_, i) => write(thread, i))).finally(() => {
        writing = false;
      });
      for (const { status, body } of await compacting)
        expect(status === 200 ? null : body.code).to.be.oneOf([null, 'nothing_to_compact']);
      const acknowledged = written.flat().map(({ seq, content }) => [seq, content]);
      const all = Array.from({ length: WRITERS * MESSAGES }, (_, i) => i + 1);
      for (let server = 0; server < SERVERS; server += 1) {
        const { items } = await answered(200, at(server).get(`/chat/${thread}/messages?limit=200&after=0`));
        expect(items.map(({ seq }: Json) => seq)).to.deep.equal(all);
        expect(items.map(({ seq, content }: Json) => [seq, content])).to.deep.equal(
          acknowledged.toSorted(([a], [b]) => a - b),
        );
        const { entries, usage } = await answered(200, at(server).get(`/chat/${thread}`));
        expect(entries.flatMap(seqsOf).toSorted((a: number, b: number) => a - b)).to.deep.equal(all);
        expect(usage.revision).to.be.greaterThan(0);
      }
    }
  });
});
