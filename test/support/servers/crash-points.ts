/**
 * Loaded into a server before it starts, it ends the server with SIGKILL at a named point of its work. It watches the
 * calls of the databases' drivers, so that the server itself knows nothing of it.
 */
import { DatabaseSync } from 'node:sqlite';
import { pathToFileURL } from 'node:url';
import { isMainThread } from 'node:worker_threads';
import pg from 'pg';
import type { Settings } from './server.ts';

/**
 * Before a write is committed, in its commit, and before anybody is told of it; `flush` is the speed layer's, which
 * comes once a second, and writes what was used.
 */
export const SQLITE_POINTS = [
  'message written',
  'message committing',
  'message committed',
  'revision written',
  'revision committing',
  'revision committed',
  'pin written',
  'pin committed',
  'unpin written',
  'unpin committed',
  'flush written',
  'flush committing',
  'flush committed',
];
/**
 * `sent`: the database is at it; `answered`: it is committed, and neither Redis nor anybody else knows; `told`: Redis
 * was told, and perhaps the client.
 */
export const POSTGRES_POINTS = [
  'append sent',
  'append answered',
  'append told',
  'compacting append sent',
  'compacting append answered',
  'compacting append told',
  'revision sent',
  'revision answered',
  'revision told',
  'pin sent',
  'pin answered',
  'pin told',
  'commit sent',
  'commit answered',
];

const POINT = process.env.CRASH_POINT;
let left = Number.POSITIVE_INFINITY;

/** Points count from this signal on. */
export const ARM = 'SIGUSR2';

/** Settings of a server that ends when it has got to the point so many times after it was armed. */
export function crashingAt(point: string, times: number): Settings {
  const url = pathToFileURL(import.meta.filename).href;
  return { NODE_OPTIONS: `--import=${url}`, CRASH_POINT: point, CRASH_TIMES: String(times) };
}

function reached(point: string): void {
  if (point !== POINT) return;
  left -= 1;
  if (left <= 0) process.kill(process.pid, 'SIGKILL');
}

const SQLITE_WRITES: readonly (readonly [RegExp, string])[] = [
  [/^INSERT INTO messages /, 'message'],
  [/^INSERT INTO revisions /, 'revision'],
  [/^INSERT INTO pins /, 'pin'],
  [/^DELETE FROM pins /, 'unpin'],
  [/^UPDATE sessions SET last_seen_at /, 'flush'],
];

/** What the transaction that is open at each connection has written so far. */
const written = new WeakMap<DatabaseSync, Set<string>>();

function around<Call extends (...args: never[]) => unknown>(call: Call, before: () => void, after: () => void): Call {
  const watched = function (this: unknown, ...args: never[]) {
    before();
    const result = call.apply(this, args);
    after();
    return result;
  };
  return watched as Call;
}

const nothing = () => {};

function watchSqlite(): void {
  const { prepare, exec } = DatabaseSync.prototype;
  DatabaseSync.prototype.prepare = function (sql, ...rest) {
    const statement = prepare.call(this, sql, ...rest);
    const [, kind] = SQLITE_WRITES.find(([pattern]) => pattern.test(sql)) ?? [];
    if (kind !== undefined) statement.run = around(statement.run, nothing, () => wrote(this, kind));
    else statement.run = aroundEnd(this, sql, statement.run);
    return statement;
  };
  DatabaseSync.prototype.exec = function (sql) {
    aroundEnd(this, sql, () => exec.call(this, sql))();
  };
}

function wrote(database: DatabaseSync, kind: string): void {
  written.set(database, (written.get(database) ?? new Set()).add(kind));
  reached(`${kind} written`);
}

function aroundEnd<Call extends (...args: never[]) => unknown>(database: DatabaseSync, sql: string, call: Call): Call {
  if (sql === 'ROLLBACK') return around(call, nothing, () => written.delete(database));
  if (sql !== 'COMMIT') return call;
  return around(call, () => reachedWith(database, 'committing'), committed);
  function committed(): void {
    reachedWith(database, 'committed');
    written.delete(database);
  }
}

function reachedWith(database: DatabaseSync, moment: string): void {
  for (const kind of written.get(database) ?? []) reached(`${kind} ${moment}`);
}

const POSTGRES_WRITES: Readonly<Record<string, string>> = {
  'append-skip': 'append',
  'append-wait': 'append',
  'append-compacting': 'compacting append',
  revise: 'revision',
  pin: 'pin',
  COMMIT: 'commit',
};

type Query = (...args: unknown[]) => Promise<unknown> | undefined;

function watchPostgres(): void {
  const client = pg.Client.prototype as unknown as { query: Query };
  const { query } = client;
  client.query = function (this: unknown, ...args) {
    const [what] = args as [string | { name?: string }];
    const kind = POSTGRES_WRITES[typeof what === 'string' ? what : (what.name ?? '')];
    if (kind === undefined) return query.apply(this, args);
    const done = args.at(-1);
    const isCallback = typeof done === 'function';
    if (isCallback)
      args.splice(
        -1,
        1,
        around(done as () => void, () => answered(kind), nothing),
      );
    const asked = query.apply(this, args);
    setImmediate(reached, `${kind} sent`);
    if (!isCallback) void asked?.then(() => answered(kind), nothing);
    return asked;
  };
}

/** What follows in this turn of the event loop is what Redis is told. */
function answered(kind: string): void {
  reached(`${kind} answered`);
  setImmediate(reached, `${kind} told`);
}

if (POINT !== undefined && isMainThread) {
  process.on(ARM, () => {
    left = Number(process.env.CRASH_TIMES);
  });
  watchSqlite();
  watchPostgres();
}
