/** Wires the use cases on messages, and their routes. */
import { ContainerModule } from 'inversify';
import { messageRoutes } from '#adapters/http/conversations/messages.routes.ts';
import { ShownCitations } from '#application/conversations/citations/shown-citations.ts';
import { ReadUsage } from '#application/conversations/context/read-usage.ts';
import { WindowReader } from '#application/conversations/context/window-reader.ts';
import { AnonymizeAuthors } from '#application/conversations/messages/anonymize-authors.ts';
import { AppendMessage } from '#application/conversations/messages/append-message.ts';
import { ChangePin } from '#application/conversations/messages/change-pin.ts';
import { CompactingAppend } from '#application/conversations/messages/compacting-append.ts';
import { ListMessages } from '#application/conversations/messages/list-messages.ts';
import { PlainAppend } from '#application/conversations/messages/plain-append.ts';
import { ReadMessage } from '#application/conversations/messages/read-message.ts';
import { ThreadSources } from '#application/retrieval/threads/thread-sources.ts';
import { tokens } from '../tokens.ts';
import { routes, wire } from '../wire.ts';

const { clock, ids, memberships, threads, conversations } = tokens;
const { compactor, textCounter, messageLimits, contextSettings } = tokens;

export const messagesModule = new ContainerModule(({ bind }) => {
  wire(bind, PlainAppend, { settings: contextSettings });
  wire(bind, CompactingAppend, {
    conversations,
    windows: WindowReader,
    compactor,
    settings: contextSettings,
  });
  wire(bind, AppendMessage, {
    threads,
    memberships,
    conversations,
    plainAppend: PlainAppend,
    compactingAppend: CompactingAppend,
    counter: textCounter,
    clock,
    ids,
    settings: contextSettings,
  });
  wire(bind, ShownCitations, { library: ThreadSources });
  wire(bind, ListMessages, { threads, memberships, conversations, citations: ShownCitations });
  wire(bind, ReadMessage, { threads, memberships, conversations, citations: ShownCitations });
  wire(bind, ChangePin, {
    threads,
    memberships,
    conversations,
    citations: ShownCitations,
    windows: WindowReader,
    clock,
    settings: contextSettings,
  });
  wire(bind, AnonymizeAuthors, {});
  routes(
    bind,
    messageRoutes,
    {
      appendMessage: AppendMessage,
      listMessages: ListMessages,
      readMessage: ReadMessage,
      readUsage: ReadUsage,
      changePin: ChangePin,
    },
    messageLimits,
  );
});
