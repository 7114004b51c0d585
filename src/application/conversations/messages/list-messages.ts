/** Lists the messages of a transcript, each page in ascending seq. */
import type { Page } from '#application/shared/page.ts';
import type { UserActor } from '#domain/shared/actor.ts';
import type { ThreadId } from '#domain/shared/ids.ts';
import type { ShownCitations } from '../citations/shown-citations.ts';
import type { Conversations, StoredMessage } from '../ports.ts';
import { readableThread, type ThreadRepos } from '../thread-access.ts';

/** The newest messages before a seq, the oldest ones after a seq, or the newest of all. */
export type MessageRange = Readonly<{ before: number } | { after: number } | Record<never, never>>;

/** A page ends early where its texts are larger together: two hundred long messages would be 40 MB. */
const PAGE_MAX_BYTES = 1024 * 1024;

type Deps = ThreadRepos & Readonly<{ conversations: Pick<Conversations, 'messages'>; citations: ShownCitations }>;

export class ListMessages {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /**
   * Returns a page, which ends early at 1 MiB of text. `next` continues in the direction of the range: to newer
   * messages for `after`, to older ones otherwise. Throws 403 without `chat.use`; 404 `thread_not_found`.
   */
  async execute(
    actor: UserActor,
    id: ThreadId,
    range: MessageRange,
    limit: number,
  ): Promise<Page<StoredMessage, MessageRange>> {
    const thread = await readableThread(this.#deps, actor, id);
    const items = await this.#deps.conversations.messages(id, { ...range, limit, maxBytes: PAGE_MAX_BYTES });
    const shown = await this.#deps.citations.in(actor, thread, items);
    return { items: shown, next: nextRange(range, items, thread.lastSeq) };
  }
}

function nextRange(range: MessageRange, items: readonly StoredMessage[], lastSeq: number): MessageRange | null {
  const [first, last] = [items.at(0), items.at(-1)];
  if (first === undefined || last === undefined) return null;
  if ('after' in range) return last.seq < lastSeq ? { after: last.seq } : null;
  return first.seq > 1 ? { before: first.seq } : null;
}
