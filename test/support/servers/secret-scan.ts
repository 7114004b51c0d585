/**
 * Every secret that goes over a test server's wire is looked for, when the server ends, in all that it kept: files,
 * tables, logs.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';

/** What shorter values would be found by chance. */
const SHORTEST = 12;
/** Where four bytes of a secret tell it from most others: not where many begin alike, and within the shortest. */
const TELLING = SHORTEST - 4;
/** An invitation's or a link's; a problem's code is shorter. */
const SHORTEST_CODE = 40;
const SECRET_FIELDS = new Set(['password', 'current_password', 'new_password', 'license_key', 'token', 'code']);
const SECRET_SETTINGS = /PASSWORD|SECRET|FERNET|API_KEY/;

/** Something that a server keeps, under the name that a failure tells. */
type Kept = readonly [name: string, bytes: Buffer];

/** What was looked through in this run. */
export const scanned = { servers: 0, secrets: 0, bytes: 0 };

/** The secrets of the servers at one origin after another, as they were seen. */
const seen = new Map<string, Set<string>>();

/** Takes the secrets out of what was sent to `origin`, or came from there: bodies as text, and headers. */
export function noteSecrets(origin: string, body: unknown, headers: Headers): void {
  const secrets = secretsOf(origin);
  collect(body, secrets);
  const cookies = [headers.get('cookie') ?? '', ...headers.getSetCookie()].map((cookie) => cookie.split(';')[0] ?? '');
  for (const cookie of cookies) note(cookie.slice(cookie.indexOf('=') + 1), secrets);
  note(headers.get('authorization')?.replace(/^Bearer /, ''), secrets);
}

/** Secrets that stand in a server's settings; several keys are apart by commas. */
export function noteSettings(origin: string, settings: Readonly<Record<string, string>>): void {
  for (const [name, value] of Object.entries(settings)) {
    if (SECRET_SETTINGS.test(name)) for (const secret of value.split(',')) note(secret, secretsOf(origin));
  }
}

/** Throws where anything that a server kept holds one of its secrets in plain. */
export function checkKept(origin: string, kept: readonly Kept[]): void {
  const secrets = secretsOf(origin);
  const sought = soughtBytes(secrets);
  for (const [name, bytes] of kept) {
    const found = secretIn(bytes, sought);
    if (found !== undefined) throw new Error(`${name} holds the secret ${found} in plain.`);
  }
  scanned.servers += 1;
  scanned.secrets += secrets.size;
  scanned.bytes += kept.reduce((sum, [, bytes]) => sum + bytes.length, 0);
}

/** Secrets by their telling bytes. */
function soughtBytes(secrets: Iterable<string>): Map<number, Buffer[]> {
  return Map.groupBy(
    Array.from(secrets, (secret) => Buffer.from(secret)),
    (secret) => secret.readInt32BE(TELLING),
  );
}

/** Looks at each byte once, however many secrets there are: some servers see thousands. */
function secretIn(bytes: Buffer, sought: ReadonlyMap<number, readonly Buffer[]>): Buffer | undefined {
  let last = 0;
  for (let at = 0; at < bytes.length; at += 1) {
    last = (last << 8) | bytes[at]!;
    const start = at - TELLING - 3;
    if (start < 0) continue;
    const found = sought.get(last)?.find((secret) => bytes.subarray(start, start + secret.length).equals(secret));
    if (found !== undefined) return found;
  }
  return undefined;
}

/** The files of a folder. */
export function filesOf(folder: string): Kept[] {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return entries.map(({ name, parentPath }) => [name, readFileSync(join(parentPath, name))]);
}

/** Every row of every table of a PostgreSQL database. */
export async function tablesOf(url: string): Promise<Kept[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const { rows } = await client.query("SELECT tablename FROM pg_tables WHERE schemaname = 'public'");
    const kept: Kept[] = [];
    for (const { tablename } of rows) {
      const all = await client.query(`SELECT row_to_json(t)::text AS row FROM "${tablename}" t`);
      kept.push([tablename, Buffer.from(all.rows.map(({ row }) => row).join('\n'))]);
    }
    return kept;
  } finally {
    await client.end();
  }
}

function secretsOf(origin: string): Set<string> {
  let secrets = seen.get(origin);
  if (secrets === undefined) {
    secrets = new Set();
    seen.set(origin, secrets);
  }
  return secrets;
}

function collect(value: unknown, secrets: Set<string>): void {
  if (typeof value !== 'object' || value === null) return;
  for (const [name, inner] of Object.entries(value)) {
    if (typeof inner === 'object') collect(inner, secrets);
    else if (SECRET_FIELDS.has(name) && (name !== 'code' || String(inner).length >= SHORTEST_CODE)) {
      note(String(inner), secrets);
    }
  }
}

/** An e-mail stands where it should; a password that is one is refused. */
function note(value: string | undefined, secrets: Set<string>): void {
  if (value !== undefined && value.length >= SHORTEST && !value.includes('@')) secrets.add(value);
}
