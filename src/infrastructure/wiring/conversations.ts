/** The use cases of conversations, and the routes that call them. */
import { ContainerModule } from 'inversify';
import { contextRoutes } from '#adapters/http/conversations/context.routes.ts';
import { conversationRoutes } from '#adapters/http/conversations/conversations.routes.ts';
import { CompactContext } from '#application/conversations/context/compact-context.ts';
import { ListContextEvents } from '#application/conversations/context/list-context-events.ts';
import { ReadUsage } from '#application/conversations/context/read-usage.ts';
import { ReadWindow } from '#application/conversations/context/read-window.ts';
import { WindowReader } from '#application/conversations/context/window-reader.ts';
import { AnonymizeAuthors } from '#application/conversations/messages/anonymize-authors.ts';
import { AppendMessage } from '#application/conversations/messages/append-message.ts';
import { CompactingAppend } from '#application/conversations/messages/compacting-append.ts';
import { ListMessages } from '#application/conversations/messages/list-messages.ts';
import { PlainAppend } from '#application/conversations/messages/plain-append.ts';
import { ReadMessage } from '#application/conversations/messages/read-message.ts';
import { ThreadAccess } from '#application/conversations/thread-access.ts';
import { ListThreads } from '#application/conversations/threads/list-threads.ts';
import { StartThread } from '#application/conversations/threads/start-thread.ts';
import { tokens } from './tokens.ts';
import { routes, wire } from './wire.ts';

const {
  clock,
  ids,
  unitOfWork,
  reads,
  memberships,
  threads,
  conversations,
  compactor,
  messageLimits,
  contextSettings,
} = tokens;

export const conversationsModule = new ContainerModule(({ bind }) => {
  wire(bind, ThreadAccess, { threads, memberships });
  wire(bind, WindowReader, { conversations, settings: contextSettings });
  wire(bind, PlainAppend, { settings: contextSettings });
  wire(bind, CompactingAppend, {
    threads,
    conversations,
    plainAppend: PlainAppend,
    windows: WindowReader,
    compactor,
    settings: contextSettings,
  });
  wire(bind, AppendMessage, {
    access: ThreadAccess,
    conversations,
    plainAppend: PlainAppend,
    compactingAppend: CompactingAppend,
    clock,
    ids,
    settings: contextSettings,
  });
  wire(bind, ListMessages, { access: ThreadAccess, conversations });
  wire(bind, ReadMessage, { access: ThreadAccess, conversations });
  wire(bind, AnonymizeAuthors, { unitOfWork, reads });
  wire(bind, StartThread, { unitOfWork, clock, ids, settings: contextSettings });
  wire(bind, ListThreads, { threads });
  wire(bind, CompactContext, {
    access: ThreadAccess,
    conversations,
    windows: WindowReader,
    compactor,
    clock,
    settings: contextSettings,
  });
  wire(bind, ReadWindow, { access: ThreadAccess, windows: WindowReader, settings: contextSettings });
  wire(bind, ReadUsage, { access: ThreadAccess, windows: WindowReader, settings: contextSettings });
  wire(bind, ListContextEvents, { access: ThreadAccess, conversations });
  routes(
    bind,
    conversationRoutes,
    {
      startThread: StartThread,
      listThreads: ListThreads,
      appendMessage: AppendMessage,
      listMessages: ListMessages,
      readMessage: ReadMessage,
      readUsage: ReadUsage,
    },
    messageLimits,
  );
  routes(
    bind,
    contextRoutes,
    {
      readWindow: ReadWindow,
      readUsage: ReadUsage,
      compactContext: CompactContext,
      listContextEvents: ListContextEvents,
    },
    contextSettings,
  );
});
