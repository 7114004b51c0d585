/** Threads that are being imported, in memory. */
import type { StagedPage, StagedThreads } from '#application/conversations/imports/staged-threads.ts';
import type { Thread } from '#domain/conversations/thread.ts';
import type { ThreadId } from '#domain/shared/ids.ts';
import type { Changes, MemoryTables } from '../shared/tables.ts';
import { MemoryTranscript } from '../shared/transcript.ts';
import { MemoryThreads } from './threads.ts';

export class MemoryStagedThreads implements StagedThreads {
  readonly #tables: MemoryTables;
  readonly #changes: Changes;

  constructor(deps: Readonly<{ tables: MemoryTables; changes: Changes }>) {
    this.#tables = deps.tables;
    this.#changes = deps.changes;
  }

  async add(thread: Thread, until: Date): Promise<void> {
    this.#changes.set(this.#tables.stagedThreads, thread.id, { thread, until });
  }

  /** What is said is committed by itself, as everywhere in memory; nobody sees it before its thread. */
  async addPage({ thread, messages, pinned, revision }: StagedPage, until: Date): Promise<boolean> {
    const from = thread.lastSeq - messages.length;
    if (!this.#isStaged(thread.id, from)) return false;
    const transcript = this.#tables.transcripts.get(thread.id) ?? new MemoryTranscript();
    this.#tables.transcripts.set(thread.id, transcript);
    for (const [i, message] of messages.entries()) {
      const seq = from + i + 1;
      transcript.add({ ...message, seq }, thread.estimator, pinned.includes(seq));
    }
    if (revision !== null) transcript.addRevision(revision);
    this.#changes.set(this.#tables.stagedThreads, thread.id, { thread, until });
    return true;
  }

  async reveal(thread: Thread): Promise<boolean> {
    if (!this.#isStaged(thread.id, thread.lastSeq)) return false;
    this.#changes.remove(this.#tables.stagedThreads, thread.id);
    await new MemoryThreads({ tables: this.#tables, changes: this.#changes }).add(thread);
    return true;
  }

  async discard(id: ThreadId): Promise<void> {
    if (!this.#changes.has(this.#tables.stagedThreads, id)) return;
    this.#changes.remove(this.#tables.stagedThreads, id);
    this.#changes.set(this.#tables.deletedThreads, id, id);
  }

  #isStaged(id: ThreadId, lastSeq: number): boolean {
    const staged = this.#changes.find(this.#tables.stagedThreads, id)?.thread;
    if (staged?.lastSeq !== lastSeq || !this.#changes.has(this.#tables.users, staged.ownerId)) return false;
    return this.#changes.has(this.#tables.workspaces, staged.workspaceId);
  }
}
