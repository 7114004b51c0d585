/**
 * Very many messages into one thread from eight writers at once: how long an append waits, with a compaction and
 * without.
 */
import { once } from 'node:events';
import { Agent, type IncomingMessage, request } from 'node:http';
import { withFolder } from './children.ts';
import { quick } from './options.ts';
import type { Row } from './table.ts';
import { signIn, startTavernkeep, startThreads } from './tavernkeep.ts';
import { textsOf } from './turns.ts';

const WRITERS = 8;
const PLAIN_BAR_MS = 50;
const COMPACTING_BAR_MS = 100;
const SHARE = quick ? 0.1 : 1;

type Answer = Readonly<{
  usage: Readonly<{ usage_pct: number; threshold_pct: number; entry_count: number; max_entries: number }>;
  compaction?: unknown;
}>;
type Target = Readonly<{ url: string; cookie: string; agent: Agent }>;
type Measured = { plain: number[]; compacting: number[]; refused: number; over: number };

export function run(): Promise<Row[]> {
  return withFolder(async (folder) => {
    const server = await startTavernkeep(folder);
    const agent = new Agent({ keepAlive: true, maxSockets: WRITERS });
    try {
      const cookie = await signIn(server.url);
      const rows: Row[] = [];
      for (const [name, texts] of KINDS) {
        const [path = ''] = await startThreads(server.url, cookie, 1);
        rows.push(...rowsOf(name, await written({ url: server.url + path, cookie, agent }, texts())));
      }
      return rows;
    } finally {
      agent.destroy();
      await server.process.stop();
    }
  });
}

const [LONG, SHORT] = [10_000 * SHARE, 100_000 * SHARE];
const KINDS: readonly (readonly [name: string, texts: () => readonly string[]])[] = [
  [`${LONG.toLocaleString('en')} messages of 4,000 characters`, () => textsOf(4_000, LONG)],
  [`${SHORT.toLocaleString('en')} messages of 5 to 20 characters`, () => textsOf(20, SHORT).map(shortened)],
];

/** Each is another one, and not blank. */
function shortened(text: string, n: number): string {
  return `${n} ${text}`.slice(0, 5 + (n % 16)).padEnd(5, '.');
}

async function written(target: Target, texts: readonly string[]): Promise<Measured> {
  const measured: Measured = { plain: [], compacting: [], refused: 0, over: 0 };
  let next = 0;
  const write = async () => {
    for (let text = texts[next++]; text !== undefined; text = texts[next++]) await append(target, text, measured);
  };
  await Promise.all(Array.from({ length: WRITERS }, write));
  return measured;
}

async function append({ url, cookie, agent }: Target, content: string, measured: Measured): Promise<void> {
  const started = performance.now();
  const headers = { cookie, 'content-type': 'application/json' };
  const asked = request(url, { method: 'POST', agent, headers }).end(JSON.stringify({ content }));
  const [response] = (await once(asked, 'response')) as [IncomingMessage];
  const text = (await response.setEncoding('utf8').toArray()).join('');
  const ms = performance.now() - started;
  if (response.statusCode === 503) measured.refused += 1;
  else if (response.statusCode !== 201) throw new Error(`append: ${response.statusCode} ${text}`);
  else noteAnswer(JSON.parse(text) as Answer, ms, measured);
}

function noteAnswer({ usage, compaction }: Answer, ms: number, measured: Measured): void {
  (compaction === undefined ? measured.plain : measured.compacting).push(ms);
  if (usage.usage_pct >= usage.threshold_pct || usage.entry_count > usage.max_entries) measured.over += 1;
}

function rowsOf(name: string, { plain, compacting, refused, over }: Measured): readonly Row[] {
  const work = `${name}, ${WRITERS} writers, one thread`;
  const p99 = (times: readonly number[]) => times.toSorted((a, b) => a - b)[Math.floor(times.length * 0.99)] ?? 0;
  const row = (kind: string, times: readonly number[], barMs: number): Row => ({
    work: `${work}: p99 of an append ${kind}`,
    ours: `${p99(times).toFixed(1)} ms of ${times.length.toLocaleString('en')}`,
    bar: `< ${barMs} ms`,
    met: p99(times) < barMs,
  });
  return [
    row('without a compaction', plain, PLAIN_BAR_MS),
    row('that compacts', compacting, COMPACTING_BAR_MS),
    {
      work: `${work}: windows over the trigger; refused with 503`,
      ours: `${over}; ${refused}`,
      bar: '0',
      met: over === 0,
    },
  ];
}
