/** Reads one whole message of a transcript. */
import { conversationErrors } from '#domain/conversations/errors.ts';
import type { UserActor } from '#domain/shared/actor.ts';
import type { ThreadId } from '#domain/shared/ids.ts';
import type { ShownCitations } from '../citations/shown-citations.ts';
import type { Conversations, StoredMessage } from '../ports.ts';
import { readableThread, type ThreadRepos } from '../thread-access.ts';

type Deps = ThreadRepos & Readonly<{ conversations: Pick<Conversations, 'message'>; citations: ShownCitations }>;

export class ReadMessage {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /** Throws 403 without `chat.use`; 404 `thread_not_found`, `message_not_found`. */
  async execute(actor: UserActor, id: ThreadId, seq: number): Promise<StoredMessage> {
    const thread = await readableThread(this.#deps, actor, id);
    const message = await this.#deps.conversations.message(id, seq);
    if (message === undefined) throw conversationErrors.messageNotFound();
    return (await this.#deps.citations.in(actor, thread, [message]))[0]!;
  }
}
