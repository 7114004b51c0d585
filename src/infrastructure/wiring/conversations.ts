/** The use cases of conversations, and what they are made of. */
import { ContainerModule } from 'inversify';
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
import { runInBackground } from './run-in-background.ts';
import { tokens } from './tokens.ts';
import { wire } from './wire.ts';

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

const ANONYMIZE_INTERVAL_MS = 500;

export const conversationsModule = new ContainerModule(({ bind }) => {
  wire(bind, ThreadAccess, { threads, memberships });
  wire(bind, WindowReader, { conversations, settings });
  wire(bind, PlainAppend, { settings });
  wire(bind, CompactingAppend, { threads, conversations, plainAppend: PlainAppend, windows, compactor, settings });
  wire(bind, AnonymizeAuthors, { unitOfWork, reads });
  runInBackground(bind, AnonymizeAuthors, (authors) => ({
    name: 'anonymize deleted authors',
    everyMs: ANONYMIZE_INTERVAL_MS,
    run: (closing) => authors.execute(closing),
  }));
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
