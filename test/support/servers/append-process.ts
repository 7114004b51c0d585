/**
 * A process of its own that says so many lines in a thread on PostgreSQL, compacting as it goes, and tells what was
 * acknowledged.
 */
import { PostgresDatabase } from '#adapters/sequelize/postgres/database.ts';
import { DomainError } from '#domain/shared/domain-error.ts';
import type { ThreadId, UserId } from '#domain/shared/ids.ts';
import { actorFor, conversing } from '../builders/conversing.ts';

/** What was said, by seq; and how often it was refused because others were faster. */
export type Said = Readonly<{ lines: readonly (readonly [number, string])[]; refused: number }>;

const WRITERS = 4;

const [url = '', owner = '', thread = '', label = '', count = '0'] = process.argv.slice(2);
const database = await PostgresDatabase.open({ url });
const talk = conversing(database.stores());
const actor = actorFor(owner as UserId);
const lines: [number, string][] = [];
let [next, refused] = [0, 0];

async function write(): Promise<void> {
  while (next < Number(count)) {
    next += 1;
    const line = `${label}, line ${next}: Scanlan sings of the mines under Kraghammer, and Grog hums along to it.`;
    try {
      const { message } = await talk.say(actor, thread as ThreadId, line);
      lines.push([message.seq, line]);
    } catch (error) {
      if (!(error instanceof DomainError) || error.code !== 'append_contended') throw error;
      refused += 1;
    }
  }
}

await Promise.all(Array.from({ length: WRITERS }, write));
await database.close();
process.send?.({ lines, refused } satisfies Said, () => process.disconnect());
