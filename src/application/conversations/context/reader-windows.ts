/** Reads windows as a language model may be sent them: without what stands on sources that may no longer be read. */
import { citedDocuments, isReadable } from '#domain/conversations/citations/citations.ts';
import { withoutWithheld } from '#domain/conversations/citations/withheld.ts';
import type { UserActor } from '#domain/shared/actor.ts';
import type { ThreadId } from '#domain/shared/ids.ts';
import type { LibraryOfThread } from '../citations/library-of-thread.ts';
import type { ContextSettings } from '../context-settings.ts';
import type { ConversationReads } from '../ports.ts';
import type { ThreadWindow, WindowReader } from './window-reader.ts';

type Deps = Readonly<{
  windows: WindowReader;
  conversations: Pick<ConversationReads, 'citing'>;
  library: Pick<LibraryOfThread, 'findReadable'>;
  settings: ContextSettings;
}>;

export class ReaderWindows {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /** For the actor alone, or for all who read what a model makes of it. Throws as `WindowReader` does. */
  async read(actor: UserActor, id: ThreadId, readers: 'actor' | 'all'): Promise<ThreadWindow> {
    const { windows, conversations, library, settings } = this.#deps;
    const { thread, window } = await windows.read(id);
    const citing = await conversations.citing(id);
    const ids = [...new Set(citing.flatMap(citedDocuments))].filter((one) => one !== null);
    const readable = await library.findReadable({ actor, thread, readers }, ids);
    const withheld = citing.filter((message) => !isReadable(message, readable)).map(({ seq }) => seq);
    return { thread, window: withoutWithheld(window, new Set(withheld), settings.estimator) };
  }
}
