/** Wires the use cases on threads, and their routes. */
import { ContainerModule } from 'inversify';
import { exportRoutes } from '#adapters/http/conversations/export.routes.ts';
import { threadRoutes } from '#adapters/http/conversations/threads.routes.ts';
import { ShownCitations } from '#application/conversations/citations/shown-citations.ts';
import { WindowReader } from '#application/conversations/context/window-reader.ts';
import { ChangeThread } from '#application/conversations/threads/change-thread.ts';
import { CheckStarter } from '#application/conversations/threads/check-starter.ts';
import { DeleteThread } from '#application/conversations/threads/delete-thread.ts';
import { ExportThread } from '#application/conversations/threads/export-thread.ts';
import { ListThreads } from '#application/conversations/threads/list-threads.ts';
import { PromptRoom } from '#application/conversations/threads/prompt-room.ts';
import { PurgeThreads } from '#application/conversations/threads/purge-threads.ts';
import { StartThread } from '#application/conversations/threads/start-thread.ts';
import { AuditEntries } from '#application/shared/audit-log.ts';
import { runInBackground } from '../run-in-background.ts';
import { tokens } from '../tokens.ts';
import { routes, wire } from '../wire.ts';

const { clock, ids, unitOfWork, reads, memberships, threads, conversations, contexts, leases, events } = tokens;
const { compactor, textCounter, contextSettings, threadsPerUser } = tokens;
const audit = AuditEntries;

const PURGE_INTERVAL_MS = 500;

export const threadsModule = new ContainerModule(({ bind }) => {
  wire(bind, StartThread, {
    unitOfWork,
    counter: textCounter,
    clock,
    ids,
    settings: contextSettings,
    reads,
    threadsPerUser,
  });
  wire(bind, CheckStarter, { reads });
  wire(bind, ListThreads, { threads });
  wire(bind, PromptRoom, {
    conversations,
    windows: WindowReader,
    compactor,
    counter: textCounter,
    clock,
    settings: contextSettings,
  });
  wire(bind, ChangeThread, { unitOfWork, threads, memberships, promptRoom: PromptRoom, events, audit });
  wire(bind, DeleteThread, { unitOfWork, contexts, leases, events, audit, clock });
  wire(bind, ExportThread, { threads, memberships, conversations, citations: ShownCitations });
  wire(bind, PurgeThreads, { unitOfWork, reads, contexts, clock });
  runInBackground(bind, PurgeThreads, (threads) => ({
    name: 'purge deleted threads',
    everyMs: PURGE_INTERVAL_MS,
    run: (closing) => threads.execute(closing),
  }));
  routes(
    bind,
    threadRoutes,
    {
      startThread: StartThread,
      checkStarter: CheckStarter,
      listThreads: ListThreads,
      changeThread: ChangeThread,
      deleteThread: DeleteThread,
    },
    contextSettings,
  );
  routes(bind, exportRoutes, { exportThread: ExportThread });
});
