/**
 * Asks at a fixed rate, in a process of its own, whether or not answers come: tells how late they were and what they
 * said.
 */
import { Agent, request } from 'node:http';

export type Asked = Readonly<{
  method: 'GET' | 'POST';
  path: string;
  headers: Readonly<Record<string, string>>;
  body?: string;
  /** The statuses that are right. */
  expected: readonly number[];
}>;

/** Each is asked once, in turn. */
export type FixedRate = Readonly<{ url: string; perSecond: number; asked: readonly Asked[] }>;

export type FixedRateResult = Readonly<{
  p99Ms: number;
  /** How many were answered with which status; 0 stands for no answer. */
  statuses: Readonly<Record<number, number>>;
  unexpected: number;
  /** The rate that it kept up. */
  perSecond: number;
}>;

type Answer = Readonly<{ status: number; ms: number; expected: boolean }>;

const TICK_MS = 1;
/** As many connections as it takes: whoever waits for an answer must not hold back the next. */
const agent = new Agent({ keepAlive: true });

/** Resolves with the status; 0 where there was no answer. */
function statusOf(url: string, { method, path, headers, body }: Asked): Promise<number> {
  return new Promise((resolve) => {
    const sent = request(url + path, { method, headers, agent }, (response) => {
      response.on('end', () => resolve(response.statusCode!)).on('error', () => resolve(0));
      response.resume();
    });
    sent.on('error', () => resolve(0)).end(body);
  });
}

/** Counts from when it was due, so that being late to ask does not look like a fast answer. */
async function ask(url: string, asked: Asked, due: number): Promise<Answer> {
  const status = await statusOf(url, asked);
  return { status, ms: performance.now() - due, expected: asked.expected.includes(status) };
}

async function run({ url, perSecond, asked }: FixedRate): Promise<FixedRateResult> {
  const answers: Promise<Answer>[] = [];
  const started = performance.now();
  while (answers.length < asked.length) {
    const due = started + (answers.length * 1_000) / perSecond;
    if (performance.now() < due) await new Promise((resolve) => setTimeout(resolve, TICK_MS));
    else answers.push(ask(url, asked[answers.length]!, due));
  }
  const kept = ((asked.length - 1) * 1_000) / (performance.now() - started);
  return { ...summaryOf(await Promise.all(answers)), perSecond: kept };
}

function summaryOf(answers: readonly Answer[]) {
  const statuses: Record<number, number> = {};
  for (const { status } of answers) statuses[status] = (statuses[status] ?? 0) + 1;
  const sorted = answers.map(({ ms }) => ms).sort((a, b) => a - b);
  const p99Ms = sorted[Math.ceil(sorted.length * 0.99) - 1]!;
  return { p99Ms, statuses, unexpected: answers.filter(({ expected }) => !expected).length };
}

process.on('message', async (question: FixedRate) => process.send!(await run(question)));
process.send!('ready');
