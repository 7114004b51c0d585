/**
 * A thousand streams of one conversation: how soon an append reaches them, and what each of a thousand more costs in
 * memory. The first thousand also pays for what a server does for the first time: code that is compiled, and room that
 * its requests pass through and that the next ones find there.
 */
import { once } from 'node:events';
import { Agent, type IncomingMessage, request } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { withFolder } from './children.ts';
import { quick } from './options.ts';
import { median } from './rounds.ts';
import type { Row } from './table.ts';
import { signIn, startTavernkeep, startThreads } from './tavernkeep.ts';

const STREAMS = 1_000;
/** Opened at once. */
const BATCH = 50;
const APPENDS = quick ? 5 : 20;
const PAUSE_MS = 200;
const MEDIAN_BAR_MS = 100;
const MEMORY_BAR_KB = 50;
/** How long the server is left alone before its memory is read. */
const SETTLE_MS = 2_000;

/** Tells when each stream has been told a message. */
class Followers {
  #left = 0;
  #times: number[] = [];
  #began = 0;
  #told = Promise.withResolvers<void>();

  follow(response: IncomingMessage): void {
    let unread = '';
    response.setEncoding('utf8').on('data', (text: string) => {
      unread += text;
      const messages = unread.split('event: message\n').length - 1;
      if (unread.endsWith('\n\n')) unread = '';
      for (let n = 0; n < messages; n += 1) this.#tell();
    });
  }

  /** Milliseconds from the beginning of `append` until each of so many streams was told, the sooner first. */
  async times(streams: number, append: () => Promise<unknown>): Promise<readonly number[]> {
    this.#left = streams;
    this.#times = [];
    this.#told = Promise.withResolvers();
    this.#began = performance.now();
    await Promise.all([append(), this.#told.promise]);
    return this.#times;
  }

  #tell(): void {
    this.#times.push(performance.now() - this.#began);
    this.#left -= 1;
    if (this.#left === 0) this.#told.resolve();
  }
}

export function run(): Promise<Row[]> {
  return withFolder(async (folder) => {
    const server = await startTavernkeep(folder, undefined, { LIVE_STREAMS_PER_USER: '0' });
    const agent = new Agent({ maxSockets: Number.POSITIVE_INFINITY });
    try {
      const cookie = await signIn(server.url);
      const [path = ''] = await startThreads(server.url, cookie, 1);
      const append = (n: number) => say(server.url + path, cookie, n);
      for (let n = 0; n < APPENDS; n += 1) await append(n);
      const followers = new Followers();
      const openMore = () => openStreams(() => open(`${server.url}${path}/live`, cookie, agent, followers));
      await openMore();
      const all: number[] = [];
      for (let n = 0; n < APPENDS; n += 1) {
        all.push(...(await followers.times(STREAMS, () => append(n))));
        await sleep(PAUSE_MS);
      }
      await sleep(SETTLE_MS);
      const before = server.process.memoryMb();
      await openMore();
      for (let n = 0; n < APPENDS; n += 1) await followers.times(2 * STREAMS, () => append(n));
      await sleep(SETTLE_MS);
      const kb = ((server.process.memoryMb() - before) * 1024) / STREAMS;
      return [latencyRow(all), memoryRow(kb)];
    } finally {
      agent.destroy();
      await server.process.stop();
    }
  });
}

async function openStreams(open: () => Promise<void>): Promise<void> {
  for (let opened = 0; opened < STREAMS; opened += BATCH) await Promise.all(Array.from({ length: BATCH }, open));
}

async function open(url: string, cookie: string, agent: Agent, followers: Followers): Promise<void> {
  const asked = request(url, { headers: { cookie }, agent }).end();
  asked.on('error', () => undefined);
  const [response] = (await once(asked, 'response')) as [IncomingMessage];
  if (response.statusCode !== 200) throw new Error(`a stream was answered ${response.statusCode}`);
  response.on('error', () => undefined);
  followers.follow(response);
  await once(response, 'data');
}

async function say(url: string, cookie: string, n: number): Promise<void> {
  const body = JSON.stringify({ content: `${n}: ${'We open the door and listen. '.repeat(10)}` });
  const headers = { cookie, 'content-type': 'application/json' };
  const answer = await fetch(url, { method: 'POST', headers, body });
  if (answer.status !== 201) throw new Error(`append: ${answer.status} ${await answer.text()}`);
}

function latencyRow(times: readonly number[]): Row {
  const sorted = times.toSorted((a, b) => a - b);
  const [middle, last] = [median(times), sorted.at(-1) ?? Number.NaN];
  return {
    work: `an append reaches ${STREAMS.toLocaleString('en')} streams of one thread: median, and the last of all`,
    ours: `${middle.toFixed(0)} ms, ${last.toFixed(0)} ms`,
    bar: `≤ ${MEDIAN_BAR_MS} ms`,
    met: middle <= MEDIAN_BAR_MS,
  };
}

function memoryRow(kb: number): Row {
  return {
    work: 'memory of each further live stream (RSS)',
    ours: `${kb.toFixed(0)} kB`,
    bar: `< ${MEMORY_BAR_KB} kB`,
    met: kb < MEMORY_BAR_KB,
  };
}
