/** Wires the use cases on a thread's context, and their routes. */
import { ContainerModule } from 'inversify';
import { contextRoutes } from '#adapters/http/conversations/context.routes.ts';
import { CompactContext } from '#application/conversations/context/compact-context.ts';
import { ListContextEvents } from '#application/conversations/context/list-context-events.ts';
import { ReadCompactionDiff } from '#application/conversations/context/read-compaction-diff.ts';
import { ReadUsage } from '#application/conversations/context/read-usage.ts';
import { ReadWindow } from '#application/conversations/context/read-window.ts';
import { ReaderWindows } from '#application/conversations/context/reader-windows.ts';
import { UndoCompaction } from '#application/conversations/context/undo-compaction.ts';
import { UsageReader } from '#application/conversations/context/usage-reader.ts';
import { WindowReader } from '#application/conversations/context/window-reader.ts';
import { ThreadSources } from '#application/retrieval/threads/thread-sources.ts';
import { tokens } from '../tokens.ts';
import { routes, wire } from '../wire.ts';

const { clock, memberships, threads, conversations, compactor, textCounter, contextSettings } = tokens;

export const contextModule = new ContainerModule(({ bind }) => {
  wire(bind, WindowReader, { conversations, counter: textCounter, settings: contextSettings });
  wire(bind, CompactContext, {
    threads,
    memberships,
    conversations,
    windows: WindowReader,
    compactor,
    clock,
    settings: contextSettings,
  });
  wire(bind, ReaderWindows, {
    windows: WindowReader,
    conversations,
    library: ThreadSources,
    settings: contextSettings,
  });
  wire(bind, ReadWindow, { threads, memberships, windows: ReaderWindows, settings: contextSettings });
  wire(bind, UsageReader, { windows: WindowReader, settings: contextSettings });
  wire(bind, ReadUsage, { threads, memberships, usages: UsageReader });
  wire(bind, ListContextEvents, { threads, memberships, conversations });
  wire(bind, ReadCompactionDiff, { threads, memberships, conversations, windows: WindowReader });
  wire(bind, UndoCompaction, {
    threads,
    memberships,
    conversations,
    windows: WindowReader,
    clock,
    settings: contextSettings,
  });
  routes(
    bind,
    contextRoutes,
    {
      readWindow: ReadWindow,
      readUsage: ReadUsage,
      compactContext: CompactContext,
      listContextEvents: ListContextEvents,
      readCompactionDiff: ReadCompactionDiff,
      undoCompaction: UndoCompaction,
    },
    contextSettings,
  );
});
