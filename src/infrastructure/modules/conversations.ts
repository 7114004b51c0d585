/** The use cases of conversations, and what they are made of. */
import { ContainerModule } from 'inversify';
import { AppendMessage } from '#application/conversations/append-message.ts';
import { CompactContext } from '#application/conversations/compact-context.ts';
import { CompactingAppend } from '#application/conversations/compacting-append.ts';
import { ForgetAuthors } from '#application/conversations/forget-authors.ts';
import { ListContextEvents } from '#application/conversations/list-context-events.ts';
import { ListMessages } from '#application/conversations/list-messages.ts';
import { ListThreads } from '#application/conversations/list-threads.ts';
import { PlainAppend } from '#application/conversations/plain-append.ts';
import { ReadMessage } from '#application/conversations/read-message.ts';
import { ReadUsage } from '#application/conversations/read-usage.ts';
import { ReadWindow } from '#application/conversations/read-window.ts';
import { StartThread } from '#application/conversations/start-thread.ts';
import { ThreadAccess } from '#application/conversations/thread-access.ts';
import { WindowReader } from '#application/conversations/window-reader.ts';
import { tokens } from '../tokens.ts';
import { wire } from '../wire.ts';

const {
  clock,
  ids,
  unitOfWork,
  reads,
  memberships,
  threads,
  conversations,
  compactor,
  contextSettings: settings,
} = tokens;
const access = ThreadAccess;
const windows = WindowReader;

export const conversationsModule = new ContainerModule(({ bind }) => {
  wire(bind, ThreadAccess, { threads, memberships });
  wire(bind, WindowReader, { conversations, settings });
  wire(bind, PlainAppend, { settings });
  wire(bind, CompactingAppend, { threads, conversations, plainAppend: PlainAppend, windows, compactor, settings });
  wire(bind, ForgetAuthors, { unitOfWork, reads });
  wire(bind, StartThread, { unitOfWork, clock, ids, settings });
  wire(bind, ListThreads, { threads });
  wire(bind, AppendMessage, {
    access,
    conversations,
    plainAppend: PlainAppend,
    compactingAppend: CompactingAppend,
    clock,
    ids,
    settings,
  });
  wire(bind, CompactContext, { access, conversations, windows, compactor, clock, settings });
  wire(bind, ReadWindow, { access, windows, settings });
  wire(bind, ReadUsage, { access, windows, settings });
  wire(bind, ReadMessage, { access, conversations });
  wire(bind, ListMessages, { access, conversations });
  wire(bind, ListContextEvents, { access, conversations });
});
