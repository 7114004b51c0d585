/** The composition root: opens the configured stores, wires the use cases to them, and builds the HTTP application. */
import { readFileSync } from 'node:fs';
import type { RequestListener } from 'node:http';
import { availableParallelism } from 'node:os';
import type { Container, ContainerModule } from 'inversify';
import type { Logger } from 'pino';
import { EmbeddedTokenUses } from '#adapters/embedded/token-use-log.ts';
import { EmbeddedCompactor } from '#adapters/worker-threads/compactor.ts';
import { DocumentWorker } from '#adapters/worker-threads/document-worker.ts';
import { EmbeddedTextCounter } from '#adapters/worker-threads/text-counter.ts';
import { WorkerQueue } from '#adapters/worker-threads/worker-queue.ts';
import { accessChanges as accessTable } from '#application/access-changes.ts';
import { withCopies } from '#application/conversations/context/with-copies.ts';
import type { ContextSettings } from '#application/conversations/context-settings.ts';
import { PendingRefinements } from '#application/conversations/refinement/pending-refinements.ts';
import { withRefinements } from '#application/conversations/refinement/with-refinements.ts';
import { RunningReplies } from '#application/conversations/replies/running-replies.ts';
import { withEvents } from '#application/conversations/thread-events.ts';
import { announcedSessions } from '#application/identity/sessions/announced-sessions.ts';
import { EnsureFirstAdmin } from '#application/identity/users/ensure-first-admin.ts';
import { invalidations } from '#application/invalidations.ts';
import type { RecordStores } from '#application/repos.ts';
import { AnnouncingUnitOfWork } from '#application/shared/access/announcing-unit-of-work.ts';
import { InvalidatingUnitOfWork } from '#application/shared/invalidating-unit-of-work.ts';
import type { Config } from './config/config.ts';
import { paths } from './config/paths.ts';
import { contextSettings } from './config/policies-from-config.ts';
import { createContainer } from './container.ts';
import { ensureFirstAdmin } from './first-admin.ts';
import { createHttp } from './http/create-http.ts';
import { Drain } from './http/drain.ts';
import type { ServerLog } from './http/server.ts';
import { logServer } from './http/server-log.ts';
import { JobMetrics, observeJobs } from './observability/job-metrics.ts';
import { observeRunningReplies } from './observability/language-model/reply-metrics.ts';
import { LibraryMetrics, MeasuredReader, observeDocuments } from './observability/library-metrics.ts';
import { loggedRecords } from './observability/logged-conversations.ts';
import { observeAliveSessions } from './observability/metrics/alive-sessions.ts';
import { MeasuredCompactor } from './observability/metrics/measured-compactor.ts';
import { MeasuredSearch, observeSearch } from './observability/metrics/measured-search.ts';
import { createMetrics, type Metrics, measuredRecords, measuredSpeedLayer } from './observability/metrics/metrics.ts';
import { ProcessMetrics } from './observability/metrics/process-metrics.ts';
import { observeStores } from './observability/metrics/store-metrics.ts';
import { openFiles } from './stores/files.ts';
import { readinessOf } from './stores/readiness.ts';
import { openRecords } from './stores/records.ts';
import { connectRedis } from './stores/redis.ts';
import { requireKeys, warnOfOwnKeys } from './stores/required-keys.ts';
import { chooseSpeedLayer } from './stores/speed-choice.ts';
import { openSpeedLayer, type SpeedLayer } from './stores/speed-layer.ts';
import { metricsModule } from './wiring/metrics.ts';
import {
  adaptersModule,
  compactionModule,
  filesModule,
  recordsModule,
  searchStoreModule,
  speedLayerModule,
} from './wiring/stores.ts';
import { tokens } from './wiring/tokens.ts';
import { startBackground } from './workers/background.ts';

/** A running application, without a server. */
export type Application = Readonly<{
  container: Container;
  /** What serves HTTP requests; its streams end when `closing` is aborted. */
  listener(closing: AbortSignal): RequestListener;
  /** Told of what no request handler sees. */
  serverLog: ServerLog;
  /** Says that it is not ready, and gives a proxy the time to see it, unless it is `cut`; serves on meanwhile. */
  drain(cut: AbortSignal): Promise<void>;
  /** Writes everything that is still buffered and closes every store. */
  close(): Promise<void>;
}>;

export type ApplicationOptions = Readonly<{
  /** Whether to compare every response with its declaration, as tests do. */
  checkResponses?: boolean;
}>;

/**
 * Opens everything in dependency order. `close` goes through the same stack in reverse: the background tasks end first,
 * and the record stores, which the others write to, are closed last. Throws if a part cannot be opened, after closing
 * those that were.
 */
export async function openApplication(
  config: Config,
  logger: Logger,
  { checkResponses = false }: ApplicationOptions = {},
): Promise<Application> {
  await using opening = new AsyncDisposableStack();
  const metrics = createMetrics();
  const redis = opening.adopt(await connectRedis(config, logger, metrics.redis), (opened) => opened?.close());
  const choice = chooseSpeedLayer(config, redis !== null);
  const lock = choice.shared ? 'shared' : 'exclusive';
  const openedRecords = opening.adopt(await openRecords(config, lock), (opened) => opened.close());
  const records = measuredRecords(loggedRecords(openedRecords, logger), metrics);
  await requireKeys(config, records);
  warnOfOwnKeys(config, choice, logger);
  const openedLayer = opening.adopt(await openSpeedLayer({ config, logger, choice, redis }), (opened) =>
    opened.close(),
  );
  const speedLayer = announcing(measuredSpeedLayer(openedLayer, metrics));
  const tokenUses = new EmbeddedTokenUses(records);
  const settings = await contextSettings(config);
  const queue = opening.adopt(openWorkerQueue(settings), (opened) => opened.close());
  const parts = { settings, ...toolsOf(settings, queue, metrics), tokenUses };
  const container = await createContainer(
    config,
    recordsModule(refined(withSpeedLayer(records, speedLayer), config, parts.pending)),
    searchStoreModule(new MeasuredSearch(records.search, metrics.searches), records.finder, records.search),
    await openLibrary(opening, config, metrics),
    speedLayerModule(speedLayer),
    compactionModule(config, parts),
    adaptersModule(records, speedLayer, parts),
    metricsModule(metrics, logger),
  );
  for (const scheme of await records.reads.passwordHashes.listSchemes()) container.get(tokens.hasher).learn(scheme);
  await ensureFirstAdmin(container.get(EnsureFirstAdmin), config);
  const tasks = container.getAll(tokens.backgroundTask);
  metrics.background.expect(tasks);
  opening.adopt(startBackground({ tasks, logger, record: metrics.background.record }), (started) => started.close());
  opening.adopt(container.get(RunningReplies), (running) => running.close());
  observeSearch(metrics.instruments, records.search);
  observe(metrics, container, { records, speedLayer, tokenUses, worker: queue });
  opening.adopt(new ProcessMetrics(metrics.instruments), (opened) => opened.close());
  const drain = new Drain(choice.shared);
  const http = {
    version: versionOf(paths.package),
    checkResponses,
    readiness: () => drain.readiness(() => readinessOf(records, speedLayer)),
    holdsLock: () => records.holdsLock(),
  };
  // Takes the parts out of the stack that the end of this function disposes.
  const opened = opening.move();
  return {
    container,
    serverLog: logServer(logger, metrics.requests),
    listener: (closing) => createHttp(container, config, logger, { ...http, closing }),
    drain: (cut) => drain.wait(cut),
    close: () => opened.disposeAsync(),
  };
}

/** The only speed layer that use cases get: it tells the ends of sessions. */
function announcing(speedLayer: SpeedLayer): SpeedLayer {
  return { ...speedLayer, sessions: announcedSessions(speedLayer) };
}

/**
 * The only record stores that use cases get: they invalidate what they put out of date, copy windows, and tell what
 * happens, and whose access may have ended.
 */
function withSpeedLayer(records: RecordStores, speedLayer: SpeedLayer): RecordStores {
  const { unitOfWork, conversations } = records;
  const { cache, contexts, events, accessChanges } = speedLayer;
  const invalidating = new InvalidatingUnitOfWork({ unitOfWork, cache, invalidations });
  return {
    ...records,
    unitOfWork: new AnnouncingUnitOfWork({ unitOfWork: invalidating, accessChanges, table: accessTable }),
    conversations: withEvents({ conversations: withCopies({ conversations, contexts }), events }),
  };
}

/** With a list of the compactions that wait to be refined, where that is asked for. */
function refined(stores: RecordStores, { LLM_REFINE }: Config, pending: PendingRefinements): RecordStores {
  const { conversations } = stores;
  return LLM_REFINE === 'on' ? { ...stores, conversations: withRefinements({ conversations, pending }) } : stores;
}

/** Where the originals of documents are, and what reads them: its worker starts when the first document comes. */
async function openLibrary(
  opening: AsyncDisposableStack,
  config: Config,
  { instruments }: Metrics,
): Promise<ContainerModule> {
  const files = await openFiles(config);
  const workerScript = new URL('./workers/document-worker.ts', import.meta.url);
  const worker = new DocumentWorker({ workerScript, workerData: config.TOKEN_ESTIMATOR });
  const reader = opening.adopt(worker, (opened) => opened.close());
  return filesModule(files, new MeasuredReader(reader, new LibraryMetrics(instruments)));
}

function openWorkerQueue({ estimator }: ContextSettings): WorkerQueue {
  const workerScript = new URL('./workers/compaction-worker.ts', import.meta.url);
  return new WorkerQueue({ estimator, workerScript });
}

/** What works on long texts, on the event loop or in the worker, and what waits for the language model. */
function toolsOf({ estimator }: ContextSettings, queue: WorkerQueue, { compactions }: Metrics) {
  const compactor = new EmbeddedCompactor({ estimator, queue, parallel: availableParallelism() > 1 });
  return {
    compactor: new MeasuredCompactor(compactor, compactions),
    textCounter: new EmbeddedTextCounter({ estimator, queue }),
    pending: new PendingRefinements(),
  };
}

/** Adds what is read at a scrape. */
function observe({ instruments }: Metrics, container: Container, sources: Parameters<typeof observeStores>[1]): void {
  observeStores(instruments, sources);
  observeRunningReplies(instruments, container.get(RunningReplies));
  const [sessions, clock] = [container.get(tokens.sessions), container.get(tokens.clock)];
  observeAliveSessions(instruments, { sessions, clock });
  observeDocuments(instruments, container.get(tokens.reads));
  observeJobs(instruments, { jobs: container.get(tokens.reads).jobs, clock });
  container.get(JobMetrics).expect(Object.keys(container.get(tokens.jobHandlers)));
}

/** The version in a package.json, which is the API's version. */
function versionOf(packageFile: string): string {
  return JSON.parse(readFileSync(packageFile, 'utf8')).version;
}
