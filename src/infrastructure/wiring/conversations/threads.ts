/** Wires the use cases on threads, and their routes. */
import { ContainerModule } from 'inversify';
import { threadRoutes } from '#adapters/http/conversations/threads.routes.ts';
import { CheckStarter } from '#application/conversations/threads/check-starter.ts';
import { ListThreads } from '#application/conversations/threads/list-threads.ts';
import { StartThread } from '#application/conversations/threads/start-thread.ts';
import { tokens } from '../tokens.ts';
import { routes, wire } from '../wire.ts';

const { clock, ids, unitOfWork, threads, textCounter, contextSettings, reads, threadsPerUser } = tokens;

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
  routes(
    bind,
    threadRoutes,
    { startThread: StartThread, checkStarter: CheckStarter, listThreads: ListThreads },
    contextSettings,
  );
});
