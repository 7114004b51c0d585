/** Wires the tools of the Model Context Protocol. */
import { ContainerModule } from 'inversify';
import { mcpRoutes } from '#adapters/http/conversations/mcp/mcp.routes.ts';
import { CompactContext } from '#application/conversations/context/compact-context.ts';
import { ReadWindow } from '#application/conversations/context/read-window.ts';
import { AppendMessage } from '#application/conversations/messages/append-message.ts';
import { ListMessages } from '#application/conversations/messages/list-messages.ts';
import { SearchTranscripts } from '#application/conversations/search/search-transcripts.ts';
import { ListThreads } from '#application/conversations/threads/list-threads.ts';
import { tokens } from '../tokens.ts';
import { routes } from '../wire.ts';

export const mcpModule = new ContainerModule(({ bind }) => {
  routes(
    bind,
    mcpRoutes,
    {
      listThreads: ListThreads,
      readWindow: ReadWindow,
      listMessages: ListMessages,
      appendMessage: AppendMessage,
      searchTranscripts: SearchTranscripts,
      compactContext: CompactContext,
      messageLimits: tokens.messageLimits,
    },
    tokens.contextSettings,
  );
});
