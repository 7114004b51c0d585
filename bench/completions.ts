/** How long a chat client waits for the first byte of an answer: through us, and from the language model itself. */
import { once } from 'node:events';
import { Agent, type IncomingMessage, request } from 'node:http';
import { Answering, withFolder } from './children.ts';
import { quick } from './options.ts';
import type { Row } from './table.ts';
import { addUser, type RunningTavernkeep, signIn, startTavernkeep, startThreads } from './tavernkeep.ts';
import { textsOf } from './turns.ts';

const CONNECTIONS = [1, 8];
/** Of all connections together. */
const ANSWERS = quick ? 80 : 480;
const WARM_UP = 10;
const CHARACTERS = 300;
/** What a front end sends of its history, of both sides. */
const HISTORY = 20;
const BAR_MS = 5;
const PASSWORD = 'asked side by side';

type Message = Readonly<{ role: 'user' | 'assistant'; content: string }>;
type Answer = Readonly<{ firstByteMs: number; text: string }>;
type Server = Readonly<{ url: string; headers: Readonly<Record<string, string>>; model: string }>;
type Times = Readonly<{ ours: number[]; direct: number[] }>;

export function run(): Promise<Row[]> {
  return withFolder(async (folder) => {
    const upstream = new Answering('completions/upstream.ts');
    const url = await upstream.ready<string>();
    const tavernkeep = await startTavernkeep(folder, undefined, { LLM_BASE_URL: url, LLM_MODEL: 'narrator' });
    try {
      const servers = await serversFor(tavernkeep, Math.max(...CONNECTIONS));
      const direct = { url, headers: {}, model: 'narrator' };
      const rows: Row[] = [];
      for (const connections of CONNECTIONS)
        rows.push(firstByteRow(connections, await measured(servers.slice(0, connections), direct)));
      return rows;
    } finally {
      upstream.close();
      await tavernkeep.process.stop();
    }
  });
}

/** For each connection a user of their own, with a thread: nobody has more than a few answers under way. */
async function serversFor({ url }: RunningTavernkeep, count: number): Promise<Server[]> {
  const admin = await signIn(url);
  const servers: Server[] = [];
  for (let n = 1; n <= count; n += 1) {
    const email = `player${n}@tavernkeep.local`;
    await addUser(url, admin, { email, display_name: `Player ${n}`, password: PASSWORD, roles: ['player'] });
    const cookie = await signIn(url, email, PASSWORD);
    const [path = ''] = await startThreads(url, cookie, 1);
    const headers = { authorization: `Bearer ${await tokenFor(url, cookie)}` };
    servers.push({ url: `${url}/v1`, headers, model: `thread:${path.split('/').at(-1)}` });
  }
  return servers;
}

async function tokenFor(url: string, cookie: string): Promise<string> {
  const answer = await fetch(`${url}/api/v1/auth/tokens`, {
    method: 'POST',
    headers: { cookie, 'content-type': 'application/json' },
    body: JSON.stringify({ name: 'bench', scopes: ['chat.use'] }),
  });
  if (answer.status !== 201) throw new Error(`token: ${answer.status} ${await answer.text()}`);
  return ((await answer.json()) as { token: string }).token;
}

/** Each connection asks us and the language model in turns. */
async function measured(servers: readonly Server[], direct: Server): Promise<Times> {
  const times: Times = { ours: [], direct: [] };
  await Promise.all(servers.map((ours) => converse(ours, direct, ANSWERS / servers.length, times)));
  return times;
}

async function converse(ours: Server, direct: Server, answers: number, times: Times): Promise<void> {
  const agent = new Agent({ keepAlive: true });
  const history: Message[] = [];
  try {
    for (const [turn, content] of textsOf(CHARACTERS, answers + WARM_UP).entries()) {
      history.push({ role: 'user', content });
      const sent = history.slice(-HISTORY);
      const fromModel = await firstByte(direct, sent, agent);
      const { firstByteMs, text } = await firstByte(ours, sent, agent);
      history.push({ role: 'assistant', content: text });
      if (turn < WARM_UP) continue;
      times.direct.push(fromModel.firstByteMs);
      times.ours.push(firstByteMs);
    }
  } finally {
    agent.destroy();
  }
}

/** Milliseconds from the request to the first byte of the body, and the whole text. */
async function firstByte({ url, headers, model }: Server, messages: readonly Message[], agent: Agent): Promise<Answer> {
  const body = JSON.stringify({ model, messages, stream: true });
  const started = performance.now();
  const asked = request(`${url}/chat/completions`, {
    method: 'POST',
    agent,
    headers: { ...headers, 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) },
  }).end(body);
  const [response] = (await once(asked, 'response')) as [IncomingMessage];
  let firstByteMs = Number.NaN;
  let stream = '';
  for await (const chunk of response.setEncoding('utf8')) {
    if (stream === '') firstByteMs = performance.now() - started;
    stream += chunk;
  }
  if (response.statusCode !== 200) throw new Error(`completion: ${response.statusCode} ${stream}`);
  return { firstByteMs, text: textOf(stream) };
}

function textOf(stream: string): string {
  const data = stream.split('\n').flatMap((line) => (line.startsWith('data: {') ? [JSON.parse(line.slice(6))] : []));
  return data.map(({ choices }) => choices[0]?.delta.content ?? '').join('');
}

function firstByteRow(connections: number, { ours, direct }: Times): Row {
  const at = (times: readonly number[], share: number) =>
    times.toSorted((a, b) => a - b)[Math.floor(times.length * share)] as number;
  const added = (share: number) => at(ours, share) - at(direct, share);
  const told = (share: number) => `${at(ours, share).toFixed(1)}`;
  return {
    work: `POST /v1/chat/completions, ${connections} at once: added to the model's first byte, median (p95)`,
    ours: `${added(0.5).toFixed(1)} ms (${added(0.95).toFixed(1)})`,
    peer: `${told(0.5)} ms (${told(0.95)}), the model ${at(direct, 0.5).toFixed(1)} (${at(direct, 0.95).toFixed(1)})`,
    bar: `< ${BAR_MS} ms`,
    met: added(0.5) < BAR_MS,
  };
}
