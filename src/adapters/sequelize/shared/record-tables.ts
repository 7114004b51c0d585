/** The tables of the records, and what a backup asks of them in the same words on SQLite and on PostgreSQL. */

/** Every table, behind those that its foreign keys lead to: in this order rows can be inserted. */
export const RECORD_TABLES = [
  'applied_migrations',
  'permissions',
  'roles',
  'role_permissions',
  'users',
  'user_roles',
  'password_hashes',
  'password_links',
  'api_tokens',
  'oauth_accounts',
  'workspaces',
  'workspace_members',
  'workspace_invitations',
  'workspace_quotas',
  'games',
  'game_members',
  'game_invitations',
  'game_events',
  'sources',
  'source_access',
  'documents',
  'passages',
  'passage_indexes',
  'passage_terms',
  'threads',
  'messages',
  'pins',
  'revisions',
  'compactors',
  'jobs',
  'idempotency_keys',
  'audit_entries',
  'audit_heads',
] as const;

/**
 * Tables that are made of the others: no backup has them, and they are filled again behind the requests. Those of the
 * search are on PostgreSQL alone.
 */
export const DERIVED_TABLES = ['search_documents', 'search_progress', 'passage_vectors'] as const;

/**
 * Counts the threads whose messages are not numbered 1 to `last_seq`, or whose newest revision is missing. Asked of
 * backups of older versions too, so it names nothing that came later.
 */
export const BROKEN_THREADS = `
  SELECT COUNT(*) AS count FROM threads
  WHERE last_seq <> (SELECT COUNT(*) FROM messages WHERE thread_id = threads.id)
    OR EXISTS (SELECT 1 FROM messages WHERE thread_id = threads.id AND seq > threads.last_seq)
    OR (revision > 0 AND NOT EXISTS (SELECT 1 FROM revisions WHERE thread_id = threads.id AND id = threads.revision))`;

/** Of a database that no server was started on. */
export const NO_RECORDS = 'DATABASE_URL: there are no records yet. Start the server once.';

/** What a database holds at one moment. */
export type Inventory = Readonly<{
  /** The names of the migrations that have run, in ascending order. */
  migrations: readonly string[];
  /** The number of rows by table. */
  rows: Readonly<Record<string, number>>;
}>;

/** An inventory of what was written into a folder, and the names of the files there. */
export type Snapshot = Inventory & Readonly<{ files: readonly string[] }>;
