/** Lists what happened to a conversation's window, newest first. */

import type { Page } from '#application/shared/page.ts';
import type { ContextEvent } from '#domain/conversations/revision.ts';
import type { UserActor } from '#domain/shared/actor.ts';
import type { ThreadId } from '#domain/shared/ids.ts';
import type { Conversations } from '../ports.ts';
import type { ThreadAccess } from '../thread-access.ts';

type Deps = Readonly<{ access: ThreadAccess; conversations: Pick<Conversations, 'events'> }>;

export class ListContextEvents {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /** Events newer than `after`, older than `before`, at most `limit`; `next` is the `before` of the next page. */
  async execute(
    actor: UserActor,
    id: ThreadId,
    range: Readonly<{ limit: number; after?: number; before?: number }>,
  ): Promise<Page<ContextEvent, number>> {
    await this.#deps.access.readable(actor, id);
    const found = await this.#deps.conversations.events(id, { ...range, limit: range.limit + 1 });
    const items = found.slice(0, range.limit);
    return { items, next: found.length > range.limit ? (items.at(-1)?.id ?? null) : null };
  }
}
