/** Shows messages to somebody who reads them now: citations of what they may not read tell no more than a number. */
import { citedDocuments, citesLibrary, withReadableCitations } from '#domain/conversations/citations/citations.ts';
import type { Message } from '#domain/conversations/message.ts';
import type { Thread } from '#domain/conversations/thread.ts';
import type { UserActor } from '#domain/shared/actor.ts';
import type { LibraryOfThread } from './library-of-thread.ts';

type Deps = Readonly<{ library: Pick<LibraryOfThread, 'findReadable'> }>;

export class ShownCitations {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /** Messages of one thread. Nothing is looked up where none of them cites. */
  async in<Shown extends Message>(
    actor: UserActor,
    thread: Thread,
    messages: readonly Shown[],
  ): Promise<readonly Shown[]> {
    if (!messages.some(citesLibrary)) return messages;
    const ids = [...new Set(messages.flatMap(citedDocuments))].filter((id) => id !== null);
    const readable = await this.#deps.library.findReadable({ actor, thread, readers: 'actor' }, ids);
    return messages.map((message) => withReadableCitations(message, readable));
  }
}
