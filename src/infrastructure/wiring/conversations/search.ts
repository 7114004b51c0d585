/** Wires the search over transcripts, and its routes. */
import { ContainerModule } from 'inversify';
import { searchRoutes } from '#adapters/http/conversations/search.routes.ts';
import { SearchTranscripts } from '#application/conversations/search/search-transcripts.ts';
import { runInBackground } from '../run-in-background.ts';
import { tokens } from '../tokens.ts';
import { routes, wire } from '../wire.ts';

const { threads, memberships, search, searchIndex } = tokens;

const INDEX_INTERVAL_MS = 500;

export const searchModule = new ContainerModule(({ bind }) => {
  wire(bind, SearchTranscripts, { threads, memberships, search });
  runInBackground(bind, searchIndex, (index) => ({
    name: 'index messages',
    everyMs: INDEX_INTERVAL_MS,
    run: (closing) => index.keepIndex(closing),
  }));
  routes(bind, searchRoutes, { searchTranscripts: SearchTranscripts });
});
