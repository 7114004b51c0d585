/** Lists the events of a conversation's window: its compactions and undos. */
import type { Page } from '#application/shared/page.ts';
import type { ContextEvent } from '#domain/conversations/revision.ts';
import type { UserActor } from '#domain/shared/actor.ts';
import type { ThreadId } from '#domain/shared/ids.ts';
import type { Conversations } from '../ports.ts';
import { readableThread, type ThreadRepos } from '../thread-access.ts';

type Deps = ThreadRepos & Readonly<{ conversations: Pick<Conversations, 'events'> }>;

export class ListContextEvents {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /**
   * Returns at most `limit` events, newest first, with ids above `after` and below `before`. `next` is the `before` of
   * the next page. Throws 403 without `chat.use`; 404 `thread_not_found`.
   */
  async execute(
    actor: UserActor,
    id: ThreadId,
    range: Readonly<{ limit: number; after?: number; before?: number }>,
  ): Promise<Page<ContextEvent, number>> {
    await readableThread(this.#deps, actor, id);
    // One more than asked for shows whether there is a next page.
    const events = await this.#deps.conversations.events(id, { ...range, limit: range.limit + 1 });
    const items = events.slice(0, range.limit);
    return { items, next: events.length > range.limit ? (items.at(-1)?.id ?? null) : null };
  }
}
