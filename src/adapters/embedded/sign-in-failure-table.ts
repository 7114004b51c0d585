/** The table of failures to sign in, in the file of the speed layer. */
import type { DatabaseSync } from 'node:sqlite';
import type { Failures } from '#domain/identity/sign-in-delay.ts';
import type { SpeedFile } from './speed-file.ts';

/** Times are in milliseconds since 1970; keys are digests of accounts, and addresses. */
const SCHEMA = `
  CREATE TABLE IF NOT EXISTS sign_in_failures (
    kind TEXT NOT NULL,
    key TEXT NOT NULL,
    count INTEGER NOT NULL,
    last_at INTEGER NOT NULL,
    PRIMARY KEY (kind, key)
  ) STRICT, WITHOUT ROWID;
`;

export type FailureKind = 'account' | 'address';
export type StoredFailures = Readonly<{ kind: FailureKind; key: string; failures: Failures }>;

/** All methods are synchronous. */
export class SignInFailureTable {
  readonly #statements: ReturnType<typeof prepared>;

  constructor(file: SpeedFile) {
    this.#statements = file.make(SCHEMA, prepared);
  }

  /** At most `limit` of each kind, the latest last. */
  all(kind: FailureKind, limit: number): readonly StoredFailures[] {
    const rows = this.#statements.all.all(kind, limit) as { key: string; count: number; last_at: number }[];
    return rows.toReversed().map(({ key, count, last_at: lastAt }) => ({
      kind,
      key,
      failures: { count, lastAt: new Date(lastAt) },
    }));
  }

  save({ kind, key, failures }: StoredFailures): void {
    this.#statements.save.run(kind, key, failures.count, failures.lastAt.getTime());
  }

  remove({ kind, key }: Pick<StoredFailures, 'kind' | 'key'>): void {
    this.#statements.remove.run(kind, key);
  }

  /** Removes those whose last failure lies before a time. */
  prune(before: Date): void {
    this.#statements.prune.run(before.getTime());
  }
}

function prepared(database: DatabaseSync) {
  return {
    all: database.prepare(
      'SELECT key, count, last_at FROM sign_in_failures WHERE kind = ? ORDER BY last_at DESC LIMIT ?',
    ),
    save: database.prepare('INSERT OR REPLACE INTO sign_in_failures VALUES (?, ?, ?, ?)'),
    remove: database.prepare('DELETE FROM sign_in_failures WHERE kind = ? AND key = ?'),
    prune: database.prepare('DELETE FROM sign_in_failures WHERE last_at < ?'),
  };
}
