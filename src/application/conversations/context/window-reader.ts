/** Reads a thread with its window, in sizes of the configured estimator. */
import { conversationErrors } from '#domain/conversations/errors.ts';
import type { Thread } from '#domain/conversations/thread.ts';
import { countedText, type Entry, type Window, windowOf } from '#domain/conversations/window.ts';
import type { ThreadId } from '#domain/shared/ids.ts';
import type { ContextSettings } from '../context-settings.ts';
import type { Conversations, TextCounter, ThreadSnapshot } from '../ports.ts';

/** How often a recount is tried again after a concurrent change of the thread. */
const MAX_ATTEMPTS = 5;

export type ThreadWindow = Readonly<{ thread: Thread; window: Window }>;

type Deps = Readonly<{ conversations: Conversations; counter: TextCounter; settings: ContextSettings }>;

export class WindowReader {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /**
   * The thread and its window at one moment. Where another estimator counted the thread, it is counted again and the
   * new size is stored. Throws 404 `thread_not_found`; 503 `append_contended` where appends outrun the recount,
   * `compaction_busy`.
   */
  async read(id: ThreadId): Promise<ThreadWindow> {
    for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt += 1) {
      const snapshot = await this.#deps.conversations.snapshot(id);
      if (snapshot === undefined) throw conversationErrors.threadNotFound();
      const counted = await this.#counted(snapshot);
      if (snapshot.thread.estimator === this.#deps.settings.estimator.name) return counted;
      if (await this.#recount(counted)) return counted;
    }
    throw conversationErrors.appendContended();
  }

  /**
   * The entries of the window that a revision (0: none) makes, as far as `uptoSeq`. Throws 404 `compaction_not_found`
   * where the thread has no such revision; 503 `compaction_busy`.
   */
  async entriesAt(id: ThreadId, revision: number, uptoSeq: number): Promise<readonly Entry[]> {
    const composed = await this.#deps.conversations.windowAt(id, revision, uptoSeq);
    if (composed === undefined) throw conversationErrors.compactionNotFound();
    return this.#isCounted(composed) ? composed.entries : this.#recounted(composed.entries);
  }

  /**
   * Converts the sizes of a snapshot to the configured estimator. A recount stores only the thread's total, so entries
   * can keep old sizes although the thread's estimator is current; `countedBy` shows it.
   */
  async #counted(snapshot: ThreadSnapshot): Promise<ThreadWindow> {
    const { thread, entries } = snapshot;
    const { name } = this.#deps.settings.estimator;
    if (thread.estimator === name && this.#isCounted(snapshot))
      return { thread, window: { systemPrompt: thread.systemPrompt, size: thread.windowSize, entries } };
    const [promptSize] = await this.#deps.counter.sizesOf([thread.systemPrompt ?? '']);
    const window = windowOf(thread.systemPrompt, promptSize!, await this.#recounted(entries));
    return { thread: { ...thread, windowSize: window.size, estimator: name }, window };
  }

  #isCounted({ countedBy }: Pick<ThreadSnapshot, 'countedBy'>): boolean {
    return countedBy.every((one) => one === this.#deps.settings.estimator.name);
  }

  async #recounted(entries: readonly Entry[]): Promise<readonly Entry[]> {
    const sizes = await this.#deps.counter.sizesOf(entries.map(countedText));
    return entries.map((entry, i) => ({ ...entry, size: sizes[i]! }));
  }

  #recount({ thread, window }: ThreadWindow): Promise<boolean> {
    const { conversations, settings } = this.#deps;
    return conversations.recount(thread.id, thread, { size: window.size, estimator: settings.estimator.name });
  }
}
