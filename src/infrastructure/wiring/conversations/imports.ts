/** Wires the import of conversations, and its route. */
import { ContainerModule } from 'inversify';
import { importRoutes } from '#adapters/http/conversations/import.routes.ts';
import { ImportThread } from '#application/conversations/imports/import-thread.ts';
import { StagedWindow } from '#application/conversations/imports/staged-window.ts';
import { tokens } from '../tokens.ts';
import { routes, wire } from '../wire.ts';

const { clock, ids, unitOfWork, reads, compactor, textCounter, contextSettings, threadsPerUser } = tokens;
const { importSettings, importLog } = tokens;

export const importsModule = new ContainerModule(({ bind }) => {
  wire(bind, StagedWindow, { compactor, clock, settings: contextSettings });
  wire(bind, ImportThread, {
    unitOfWork,
    reads,
    threadsPerUser,
    window: StagedWindow,
    counter: textCounter,
    clock,
    ids,
    settings: contextSettings,
    log: importLog,
  });
  routes(bind, importRoutes, { importThread: ImportThread }, importSettings);
});
