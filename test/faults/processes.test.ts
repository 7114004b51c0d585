/** Several processes on one PostgreSQL database: the record stores keep every promise between them. */

import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { expect } from 'chai';
import { PostgresDatabase } from '#adapters/sequelize/postgres/database.ts';
import { seqsOf } from '#domain/conversations/window.ts';
import { contract, type Openers, type Plan } from '../support/backends/backends.ts';
import { aThread, aUser } from '../support/builders/records.ts';
import { ROOT } from '../support/project.ts';
import { rounds } from '../support/reporting/rounds.ts';
import type { Said } from '../support/servers/append-process.ts';
import { openTemporaryPostgres, type TemporaryPostgres } from '../support/servers/temporary-postgres.ts';

const ALONE = { skip: 'one process at a time has it' };
const PLAN: Plan = { memory: ALONE, sqlite: ALONE, embedded: ALONE, redis: ALONE, postgres: 'run' };

const openers: Openers<TemporaryPostgres> = {
  postgres: async () => {
    const temporary = await openTemporaryPostgres();
    return { harness: temporary, close: temporary.close };
  },
};

const PROCESSES = 3;
const LINES = 60;

contract('Several processes', PLAN, openers, (temporary) => {
  const sayFrom = async (...what: readonly string[]): Promise<Said> => {
    const child = fork(join(ROOT, 'test/support/servers/append-process.ts'), [temporary().url, ...what]);
    return (await once(child, 'message'))[0];
  };

  it(`P8 concurrent: lose and duplicate nothing while ${PROCESSES} of them append to and compact one thread`, async function () {
    this.timeout(rounds(10) * 30_000);
    const { stores } = temporary();
    const owner = aUser({ roles: [] });
    await stores.unitOfWork.run(({ users }) => users.add(owner));
    for (let round = 1; round <= rounds(10); round += 1) {
      const thread = aThread(owner.id, { systemPrompt: null, windowSize: 0 });
      await stores.unitOfWork.run(({ threads }) => threads.add(thread));
      const said = await Promise.all(
        Array.from({ length: PROCESSES }, (_, i) => sayFrom(owner.id, thread.id, `Process ${i}`, String(LINES))),
      );
      const acknowledged = said.flatMap(({ lines }) => lines);
      const refused = said.reduce((sum, one) => sum + one.refused, 0);
      expect(acknowledged.length + refused).to.equal(PROCESSES * LINES);
      const transcript = await stores.conversations.messages(thread.id, { limit: 10_000 });
      expect(transcript.map(({ seq, content }) => [seq, content])).to.deep.equal(
        acknowledged.toSorted(([a], [b]) => a - b),
      );
      expect(transcript.map(({ seq }) => seq)).to.deep.equal(transcript.map((_, i) => i + 1));
      const snapshot = await stores.conversations.snapshot(thread.id);
      const seqs = snapshot?.entries.flatMap(seqsOf).toSorted((a, b) => a - b);
      expect(seqs).to.deep.equal(transcript.map(({ seq }) => seq));
      expect(snapshot?.thread.windowSize).to.equal(snapshot?.entries.reduce((sum, entry) => sum + entry.size, 0));
      expect(snapshot?.thread.windowEntries).to.equal(snapshot?.entries.length);
      expect(snapshot?.thread.revision).to.be.greaterThan(0);
    }
  });

  it('serialise their units of work', async function () {
    this.timeout(rounds(100) * 2_000);
    const other = await PostgresDatabase.open({ url: temporary().url });
    for (let round = 1; round <= rounds(100); round += 1) {
      const role = { name: `bard ${round}`, description: 'Sings.', builtin: false, permissions: [] };
      await temporary().stores.unitOfWork.run(({ roles }) => roles.save(role));
      const seat = ({ unitOfWork }: Pick<PostgresDatabase, 'unitOfWork'>) =>
        unitOfWork.run(async ({ users }) => {
          if ((await users.countActiveWithRole(role.name)) >= 3) return false;
          await users.add(aUser({ roles: [role.name] }));
          return true;
        });
      const seated = await Promise.all([temporary().database, other].flatMap((one) => Array(4).fill(one)).map(seat));
      expect(seated.filter(Boolean)).to.have.length(3);
    }
    await other.close();
  });
});
