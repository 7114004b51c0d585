/** How long everybody else waits while 200 sign-ins arrive each second, and what those are answered. */
import { Answering, withFolder } from '../children.ts';
import { quick } from '../options.ts';
import type { Row } from '../table.ts';
import { addUser, type RunningTavernkeep, signIn, startTavernkeep } from '../tavernkeep.ts';
import type { Asked, FixedRate, FixedRateResult } from './fixed-rate.ts';

const SIGN_INS_PER_SECOND = 200;
const READS_PER_SECOND = 100;
const SECONDS = quick ? 5 : 10;
const BAR_MS = 50;
/** A flood that falls this far behind its rate is none. */
const RATE_KEPT = 0.98;
const PASSWORD = 'a password for the flood';
const WRONG_PASSWORD = 'not a password for the flood';
/** Half of them sign in, half are guessed at: a guessed account is soon delayed, and so would be its owner. */
const USERS = 20;
const JSON_TYPE = { 'content-type': 'application/json' };
/** The delays see where sign-ins come from: one address is soon stopped, many reach the hashes. */
const ORIGINS = {
  'one address': () => '198.51.100.7',
  'an address each': (index: number) => `10.${index >> 16}.${(index >> 8) & 255}.${index & 255}`,
} as const;

type FixedRateChild = Answering<FixedRate, FixedRateResult>;
type Children = Readonly<{ reader: FixedRateChild; flood: FixedRateChild }>;

export async function floodRows(): Promise<Row[]> {
  const rows: Row[] = [];
  for (const [where, addressOf] of Object.entries(ORIGINS)) rows.push(...(await flooded(where, addressOf)));
  return rows;
}

/** A server of its own for each flood, because the delays remember. */
function flooded(where: string, addressOf: (index: number) => string): Promise<Row[]> {
  return withFolder(async (folder) => {
    const children = { reader: fixedRate(), flood: fixedRate() };
    const server = await startTavernkeep(folder, [], { TRUST_PROXY: '1', BCRYPT_COST: '12' });
    try {
      await Promise.all([children.reader.ready(), children.flood.ready()]);
      return await measure(children, server, where, addressOf);
    } finally {
      for (const child of Object.values(children)) child.close();
      await server.process.stop();
    }
  });
}

function fixedRate(): FixedRateChild {
  return new Answering('auth/fixed-rate.ts');
}

async function measure(
  { reader, flood }: Children,
  { url }: RunningTavernkeep,
  where: string,
  addressOf: (index: number) => string,
): Promise<Row[]> {
  const cookie = await signIn(url);
  await addUsers(url, cookie);
  const reads = { url, perSecond: READS_PER_SECOND, asked: readsWith(cookie) };
  const calm = await reader.ask(reads);
  const [during, answered] = await Promise.all([
    reader.ask(reads),
    flood.ask({ url, perSecond: SIGN_INS_PER_SECOND, asked: signInsFrom(addressOf) }),
  ]);
  check(answered, SIGN_INS_PER_SECOND);
  for (const result of [calm, during]) check(result, READS_PER_SECOND);
  return [waitRow(where, calm, during), answersRow(where, answered)];
}

function check({ perSecond }: FixedRateResult, wanted: number): void {
  if (perSecond < wanted * RATE_KEPT)
    throw new Error(`only ${perSecond.toFixed(0)} of ${wanted} requests a second were sent`);
}

async function addUsers(url: string, cookie: string): Promise<void> {
  for (let index = 0; index < USERS; index += 1) {
    await addUser(url, cookie, { email: emailOf(index), display_name: `Flood ${index}`, password: PASSWORD });
  }
}

function emailOf(index: number): string {
  return `flood-${index}@tavernkeep.local`;
}

function readsWith(cookie: string): Asked[] {
  const read: Asked = { method: 'GET', path: '/api/v1/auth/me', headers: { cookie }, expected: [200] };
  return Array.from({ length: READS_PER_SECOND * SECONDS }, () => read);
}

function signInsFrom(addressOf: (index: number) => string): Asked[] {
  return Array.from({ length: SIGN_INS_PER_SECOND * SECONDS }, (_, index) => ({
    method: 'POST',
    path: '/api/v1/auth/login',
    headers: { ...JSON_TYPE, 'x-forwarded-for': addressOf(index) },
    ...credentials(index),
  }));
}

/** In turn the right password, a wrong one of somebody, and one of nobody. */
function credentials(index: number): Pick<Asked, 'body' | 'expected'> {
  const half = USERS / 2;
  const user = Math.floor(index / 3) % half;
  const wrong = [401, 429, 503];
  if (index % 3 === 0) return { body: bodyOf(emailOf(user), PASSWORD), expected: [200, 429, 503] };
  if (index % 3 === 1) return { body: bodyOf(emailOf(half + user), WRONG_PASSWORD), expected: wrong };
  return { body: bodyOf(`nobody-${index}@tavernkeep.local`, WRONG_PASSWORD), expected: wrong };
}

function bodyOf(login: string, password: string): string {
  return JSON.stringify({ login, password });
}

function waitRow(where: string, calm: FixedRateResult, during: FixedRateResult): Row {
  const failed = calm.unexpected + during.unexpected;
  const [ours, before] = [during.p99Ms, calm.p99Ms].map((ms) => `${ms.toFixed(1)} ms`);
  return {
    work: `p99 of GET /auth/me, ${READS_PER_SECOND}/s, during ${SIGN_INS_PER_SECOND} sign-ins/s from ${where}, BCRYPT_COST 12`,
    ours: `${ours} (${before} without)${failed > 0 ? `, ${failed} FAILED` : ''}`,
    bar: `< ${BAR_MS} ms`,
    met: failed === 0 && during.p99Ms < BAR_MS,
  };
}

function answersRow(where: string, { statuses, unexpected }: FixedRateResult): Row {
  const counts = Object.entries(statuses).map(([status, count]) => `${status}: ${count}`);
  return {
    work: `answers to ${SIGN_INS_PER_SECOND * SECONDS} sign-ins from ${where}; 200 only to the right password`,
    ours: `${counts.join(', ')}${unexpected > 0 ? `; ${unexpected} WRONG` : ''}`,
    bar: '200, 401, 429, 503',
    met: unexpected === 0,
  };
}
