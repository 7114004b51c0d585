/** How soon the server is there on a database that exists, and how much memory it holds while it waits. */
import { setTimeout as sleep } from 'node:timers/promises';
import { withFolder } from './children.ts';
import { quick } from './options.ts';
import { median } from './rounds.ts';
import type { Row } from './table.ts';
import { type RunningTavernkeep, signIn, startTavernkeep, startThreads } from './tavernkeep.ts';
import { textsOf } from './turns.ts';

const STARTS = quick ? 3 : 7;
const START_BAR_MS = 1_000;
const IDLE_MS = 5_000;
const MEMORY_BAR_MB = 120;
const APPENDS = 20;

export function run(): Promise<Row[]> {
  return withFolder(async (folder) => {
    const first = await startTavernkeep(folder);
    await useALittle(first);
    await first.process.stop();
    const times: number[] = [];
    for (let round = 0; round < STARTS; round += 1) {
      const started = await startTavernkeep(folder);
      times.push(started.msToReady);
      await started.process.stop();
    }
    return [startRow(median(times)), memoryRow(await idleMemoryMb(folder))];
  });
}

function startRow(ms: number): Row {
  const work = 'cold start on an existing database, until /health/ready';
  return { work, ours: `${Math.round(ms)} ms`, bar: `< ${START_BAR_MS} ms`, met: ms < START_BAR_MS };
}

function memoryRow(mb: number): Row {
  const work = 'memory (RSS) after a few requests and 5 s of nothing';
  return { work, ours: `${Math.round(mb)} MB`, bar: `< ${MEMORY_BAR_MB} MB`, met: mb < MEMORY_BAR_MB };
}

async function idleMemoryMb(folder: string): Promise<number> {
  const server = await startTavernkeep(folder);
  try {
    await useALittle(server);
    await sleep(IDLE_MS);
    return server.process.memoryMb();
  } finally {
    await server.process.stop();
  }
}

/** Signs in, opens a conversation, says something and looks at the meter. */
async function useALittle({ url }: RunningTavernkeep): Promise<void> {
  const cookie = await signIn(url);
  const [path] = await startThreads(url, cookie, 1);
  const headers = { cookie, 'content-type': 'application/json' };
  for (const content of textsOf(300, APPENDS)) {
    await fetch(`${url}${path}`, { method: 'POST', headers, body: JSON.stringify({ content }) });
  }
  await fetch(`${url}${path}/context-usage`, { headers: { cookie } });
}
