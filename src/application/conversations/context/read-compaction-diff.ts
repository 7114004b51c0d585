/** Reads what a compaction, an undo or a refinement changed in a conversation's window. */
import { diffOf, type WindowDiff } from '#domain/conversations/diff.ts';
import { conversationErrors } from '#domain/conversations/errors.ts';
import { windowOf } from '#domain/conversations/window.ts';
import type { UserActor } from '#domain/shared/actor.ts';
import type { ThreadId } from '#domain/shared/ids.ts';
import type { Conversations } from '../ports.ts';
import { managedThread, type ThreadRepos } from '../thread-access.ts';
import type { WindowReader } from './window-reader.ts';

type Deps = ThreadRepos & Readonly<{ conversations: Pick<Conversations, 'revision'>; windows: WindowReader }>;

export class ReadCompactionDiff {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /**
   * `compaction` is the id of its event. The windows are compared as far as either revision reaches: every later
   * message stands in both. Throws 403 without `chat.use`, or `thread_not_yours`; 404 `thread_not_found`,
   * `compaction_not_found`; 503 `compaction_busy`.
   */
  async execute(actor: UserActor, id: ThreadId, compaction: number): Promise<WindowDiff> {
    await managedThread(this.#deps, actor, id);
    const [before, after] = [await this.#reachOf(id, compaction - 1), await this.#reachOf(id, compaction)];
    if (before === undefined || after === undefined) throw conversationErrors.compactionNotFound();
    const uptoSeq = Math.max(before, after);
    return diffOf(await this.#window(id, compaction - 1, uptoSeq), await this.#window(id, compaction, uptoSeq));
  }

  /** The last message that a revision accounts for; undefined where there is no such revision. */
  async #reachOf(id: ThreadId, revision: number): Promise<number | undefined> {
    return revision === 0 ? 0 : (await this.#deps.conversations.revision(id, revision))?.uptoSeq;
  }

  async #window(id: ThreadId, revision: number, uptoSeq: number) {
    return windowOf(null, 0, await this.#deps.windows.entriesAt(id, revision, uptoSeq));
  }
}
