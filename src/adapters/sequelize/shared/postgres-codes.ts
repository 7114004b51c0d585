/** What an error of PostgreSQL, of its driver or of the way to it is called. */

const SQLSTATE = /^[0-9A-Z]{5}$/;

/** Of the socket or the name of the host. */
const UNREACHABLE = /^E(CONN|PIPE|TIMEDOUT|HOSTUNREACH|NETUNREACH|NETDOWN|NOTFOUND|AI_)/;

/** The driver gives these no code. */
const WITHOUT_CODE: readonly (readonly [RegExp, string])[] = [
  [/query read timeout/i, 'NO_ANSWER'],
  [/connection timeout|trying to connect|timeout expired/i, 'CONNECTION_TIMEOUT'],
  [/connection terminated|connection error|not queryable/i, 'CONNECTION_LOST'],
];

/** Classes of SQLSTATE that say that the server cannot be had, or has no room: not that the statement is wrong. */
const AWAY_CLASSES = new Set(['08', '28', '3D', '53', '57', '58']);
const AWAY_CODES = new Set([
  'CONNECTION_LOST',
  'CONNECTION_TIMEOUT',
  'NO_ANSWER',
  // A lock that was not to be had in time, a standby, a session that the server ended, a table that was migrated
  // meanwhile.
  '55P03',
  '25006',
  '25P03',
  '0A000',
]);

const SERIALIZATION_FAILURE = '40001';
const DEADLOCK = '40P01';

/** The server or the way to it was lost when it may have been done already. */
const IN_DOUBT = new Set(['CONNECTION_LOST', 'NO_ANSWER', 'ECONNRESET', 'EPIPE', '57P02']);

/**
 * The SQLSTATE, the system's name of a failed connection, or one of ours where there is neither; undefined for any
 * other error.
 */
export function postgresCode(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  const { code } = error as { code?: unknown };
  if (typeof code === 'string') return SQLSTATE.test(code) || UNREACHABLE.test(code) ? code : undefined;
  return WITHOUT_CODE.find(([pattern]) => pattern.test(error.message))?.[1];
}

/** Whether the server is away, full or busy. */
export function isPostgresAway(code: string): boolean {
  return AWAY_CODES.has(code) || UNREACHABLE.test(code) || (SQLSTATE.test(code) && AWAY_CLASSES.has(code.slice(0, 2)));
}

/** Whether it is not known if the statement was carried out. */
export function isInDoubt(code: string): boolean {
  return IN_DOUBT.has(code);
}

/** Whether another unit of work was in the way. */
export function isPostgresConflict(code: string): boolean {
  return code === SERIALIZATION_FAILURE || code === DEADLOCK;
}
