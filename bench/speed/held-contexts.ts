/** Holds copies of windows, and says how many there are and by how much the process has grown. */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { EmbeddedContexts } from '../../src/adapters/embedded/contexts.ts';
import { SystemClock } from '../../src/adapters/system/clock.ts';
import { verbatim } from '../../src/domain/conversations/window.ts';
import { aMessage, newId } from '../../test/support/builders/records.ts';

const THREADS = 10_000;
const ENTRIES = 50;
const CHARACTERS = 300;

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;
const sizeNow = () => {
  collect();
  return process.memoryUsage().rss;
};

const before = sizeNow();
const contexts = new EmbeddedContexts({ clock: new SystemClock(), ttlMs: 3_600_000 });
const ids = Array.from({ length: THREADS }, () => newId('thread'));
for (const [n, threadId] of ids.entries()) {
  const entries = Array.from({ length: ENTRIES }, (_, i) => {
    // Written out, as a database gives it: no two texts share memory.
    const content = Buffer.from(`${n} ${i} `.padEnd(CHARACTERS, 'The door creaks. ')).toString('latin1');
    return verbatim(aMessage(threadId, { content }), i + 1, false);
  });
  await contexts.save({
    threadId,
    ownerId: newId('user'),
    version: 1,
    lastSeq: ENTRIES,
    entries,
    countedBy: ['chars_div_4'],
  });
}
let held = 0;
for (const id of ids) if ((await contexts.find(id)) !== undefined) held += 1;
process.send!({ bytes: sizeNow() - before, held });
setInterval(() => {}, 1_000_000);
