/**
 * Whether the time of a refused sign-in tells why it was refused: medians of interleaved samples, one sign-in after the
 * other.
 */
import { withFolder } from '../children.ts';
import { quick } from '../options.ts';
import { median } from '../rounds.ts';
import type { Row } from '../table.ts';
import { addUser, signIn, startTavernkeep } from '../tavernkeep.ts';

const SAMPLES = quick ? 4 : 24;
/** As many failures as an account has free; then it is delayed. */
const FREE_FAILURES = 4;
const ACCOUNTS = Math.ceil(SAMPLES / FREE_FAILURES);
/** Of the time that a hash takes. */
const BAR = 0.1;
const PASSWORD = 'a password that is timed';
const JSON_TYPE = { 'content-type': 'application/json' };

type Timed = Readonly<Record<string, (sample: number) => string>>;

export function signInTimeRow(): Promise<Row> {
  return withFolder(async (folder) => {
    await addOlder(folder);
    const server = await startTavernkeep(folder, [], { TRUST_PROXY: '1', BCRYPT_COST: '12' });
    try {
      const logins = await timedLogins(server.url);
      return row(await mediansFor(server.url, logins));
    } finally {
      await server.process.stop();
    }
  });
}

/** Users from before the cost was raised, who have not signed in since. */
async function addOlder(folder: string): Promise<void> {
  const server = await startTavernkeep(folder, [], { BCRYPT_COST: '10' });
  try {
    const cookie = await signIn(server.url);
    for (let index = 0; index < ACCOUNTS; index += 1) {
      const email = `older-${index}@tavernkeep.local`;
      await addUser(server.url, cookie, { email, display_name: 'older', password: PASSWORD });
    }
  } finally {
    await server.process.stop();
  }
}

/** A login for each sample and each reason; every account is used as often as it may fail for free. */
async function timedLogins(url: string): Promise<Timed> {
  const cookie = await signIn(url);
  for (let index = 0; index < ACCOUNTS; index += 1) {
    const user = (kind: string) => ({ email: `${kind}-${index}@tavernkeep.local`, display_name: kind });
    await addUser(url, cookie, { ...user('known'), password: PASSWORD });
    await addUser(url, cookie, user('without'));
    await disable(url, cookie, await addUser(url, cookie, { ...user('disabled'), password: PASSWORD }));
  }
  const emailOf = (kind: string) => (sample: number) =>
    `${kind}-${Math.floor(sample / FREE_FAILURES)}@tavernkeep.local`;
  return {
    unknown: (sample) => `unknown-${sample}@tavernkeep.local`,
    'wrong password': emailOf('known'),
    'wrong password, older cost': emailOf('older'),
    'disabled, right password': emailOf('disabled'),
    'without a password': emailOf('without'),
  };
}

async function mediansFor(url: string, logins: Timed): Promise<Record<string, number>> {
  const times: Record<string, number[]> = Object.fromEntries(Object.keys(logins).map((kind) => [kind, []]));
  for (let sample = 0; sample < SAMPLES; sample += 1) {
    for (const [index, [kind, loginOf]] of Object.entries(logins).entries()) {
      const password = kind.startsWith('disabled') ? PASSWORD : 'not the password';
      const address = `10.${index}.0.${sample + 1}`;
      times[kind]!.push(await msToRefusal(url, { login: loginOf(sample), password }, address));
    }
  }
  return Object.fromEntries(Object.entries(times).map(([kind, ms]) => [kind, median(ms)]));
}

async function msToRefusal(url: string, body: object, address: string): Promise<number> {
  const started = performance.now();
  const headers = { ...JSON_TYPE, 'x-forwarded-for': address };
  const answer = await fetch(`${url}/api/v1/auth/login`, { method: 'POST', headers, body: JSON.stringify(body) });
  await answer.text();
  if (answer.status !== 401) throw new Error(`a sign-in was answered with ${answer.status}`);
  return performance.now() - started;
}

async function disable(url: string, cookie: string, id: string): Promise<void> {
  const headers = { ...JSON_TYPE, cookie, 'if-match': '*' };
  const body = JSON.stringify({ status: 'disabled' });
  const answer = await fetch(`${url}/api/v1/admin/users/${id}`, { method: 'PATCH', headers, body });
  if (answer.status !== 200) throw new Error(`disable: ${answer.status} ${await answer.text()}`);
}

function row(medians: Record<string, number>): Row {
  const all = Object.values(medians);
  const spread = (Math.max(...all) - Math.min(...all)) / Math.min(...all);
  const each = Object.entries(medians).map(([kind, ms]) => `${kind} ${ms.toFixed(1)} ms`);
  return {
    work: `median time of a refused sign-in by its reason, ${SAMPLES} interleaved samples each, BCRYPT_COST 12`,
    ours: `${each.join(', ')}: ${(spread * 100).toFixed(1)} % apart`,
    bar: `≤ ${BAR * 100} % apart`,
    met: spread <= BAR,
  };
}
