/** Opens a whole Tavernkeep: the stores that the configuration chooses, the use cases on them, HTTP on top. */
import { readFileSync } from 'node:fs';
import type { RequestListener } from 'node:http';
import type { Container } from 'inversify';
import type { Logger } from 'pino';
import { EmbeddedSessions } from '#adapters/embedded/sessions.ts';
import { EmbeddedTokenUses } from '#adapters/embedded/token-use-log.ts';
import type { Readiness } from '#adapters/http/operations/health.ts';
import { EmbeddedCompactor } from '#adapters/worker-threads/compactor.ts';
import { EnsureFirstAdmin, type FirstAdmin } from '#application/identity/users/ensure-first-admin.ts';
import { ADMIN_ROLE } from '#domain/identity/permissions.ts';
import { requireKeys } from './commands/encryption.ts';
import type { Config } from './config/config.ts';
import { paths } from './config/paths.ts';
import { contextSettings, sessionStoreOf } from './config/policies-from-config.ts';
import { createContainer } from './container.ts';
import { ensureFirstAdmin } from './first-admin.ts';
import { createHttp } from './http/create-http.ts';
import { openRecords, type Records } from './stores/records.ts';
import { startBackground } from './workers/background.ts';

export type Application = Readonly<{
  container: Container;
  /** What serves HTTP requests; its streams end when `closing` is aborted. */
  listener(closing: AbortSignal): RequestListener;
  /** The admin that this start made; null where there was one. */
  firstAdmin: FirstAdmin | null;
  /** Writes out what is still on its way and closes every store. */
  close(): Promise<void>;
}>;

export type ApplicationOptions = Readonly<{
  /** Compare every answer with its declaration: for tests. */
  checkResponses?: boolean;
}>;

/** Throws, with nothing left open, where a store cannot be opened. */
export async function openApplication(
  config: Config,
  logger: Logger,
  { checkResponses = false }: ApplicationOptions = {},
): Promise<Application> {
  await using opening = new AsyncDisposableStack();
  const records = opening.adopt(await openRecords(config), (opened) => opened.close());
  await requireKeys(config, records);
  const sessions = opening.adopt(openSessions(config), (opened) => opened.close());
  const tokenUses = opening.adopt(new EmbeddedTokenUses(records), (opened) => opened.flush());
  const settings = await contextSettings(config);
  const workerScript = new URL('./workers/compaction-worker.ts', import.meta.url);
  const compactor = opening.adopt(new EmbeddedCompactor({ estimator: settings.estimator, workerScript }), (opened) =>
    opened.close(),
  );
  const container = await createContainer(config, { records, sessions, tokenUses, compactor, settings });
  const firstAdmin = await ensureFirstAdmin(container.get(EnsureFirstAdmin), config);
  opening.adopt(startBackground(container, logger), (started) => started.close());
  const http = {
    version: versionOf(paths.package),
    checkResponses,
    readiness: readinessOf(records),
    holdsLock: () => records.holdsLock(),
  };
  const opened = opening.move();
  return {
    container,
    listener: (closing) => createHttp(container, config, logger, { ...http, closing }),
    firstAdmin,
    close: () => opened.disposeAsync(),
  };
}

function openSessions(config: Config): EmbeddedSessions {
  const path = sessionStoreOf(config) === 'memory' ? undefined : config.SPEED_DB_PATH;
  return new EmbeddedSessions({ path, synchronous: config.SQLITE_SYNCHRONOUS });
}

function versionOf(packageFile: string): string {
  return JSON.parse(readFileSync(packageFile, 'utf8')).version;
}

/** Ready while the record stores answer, and are ours. */
function readinessOf(records: Records): () => Promise<Readiness> {
  return async () => {
    try {
      await records.roles.find(ADMIN_ROLE);
      if (!records.holdsLock()) return { ready: false, checks: { database: 'held by another server' } };
      return { ready: true, checks: { database: records.kind } };
    } catch {
      return { ready: false, checks: { database: 'away' } };
    }
  };
}
