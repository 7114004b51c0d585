/** Exports a whole transcript as a stream of pages. */
import { conversationErrors } from '#domain/conversations/errors.ts';
import type { Thread } from '#domain/conversations/thread.ts';
import type { UserActor } from '#domain/shared/actor.ts';
import type { ThreadId } from '#domain/shared/ids.ts';
import type { ShownCitations } from '../citations/shown-citations.ts';
import type { Conversations, StoredMessage } from '../ports.ts';
import { readableThread, type ThreadRepos } from '../thread-access.ts';

const MESSAGES_PER_PAGE = 200;
/** A page ends early where its texts are larger together. */
const PAGE_MAX_BYTES = 256 * 1024;

type Deps = ThreadRepos & Readonly<{ conversations: Pick<Conversations, 'messages'>; citations: ShownCitations }>;

export type ExportedThread = Readonly<{ thread: Thread; pages: AsyncIterable<readonly StoredMessage[]> }>;

export class ExportThread {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /**
   * The transcript as far as it goes now, whatever is said meanwhile: its pages in `seq` order, each read when the
   * consumer asks for it, so that any length takes constant memory. Throws 403 without `chat.use`; 404
   * `thread_not_found`, in the midst of it too, once the actor may no longer read the thread or it is deleted.
   */
  async execute(actor: UserActor, id: ThreadId): Promise<ExportedThread> {
    const thread = await readableThread(this.#deps, actor, id);
    return { thread, pages: this.#pages(actor, thread) };
  }

  async *#pages(actor: UserActor, { id, lastSeq }: Thread): AsyncIterable<readonly StoredMessage[]> {
    let after = 0;
    while (after < lastSeq) {
      const thread = await readableThread(this.#deps, actor, id);
      const limit = Math.min(MESSAGES_PER_PAGE, lastSeq - after);
      const page = await this.#deps.conversations.messages(id, { after, limit, maxBytes: PAGE_MAX_BYTES });
      // What is missing was removed with its thread.
      if (page[0]?.seq !== after + 1) throw conversationErrors.threadNotFound();
      yield await this.#deps.citations.in(actor, thread, page);
      after += page.length;
    }
  }
}
