/** Reads a conversation's window, which is what a model would be sent now, and its usage. */
import type { Usage } from '#domain/conversations/usage.ts';
import type { UserActor } from '#domain/shared/actor.ts';
import type { ThreadId } from '#domain/shared/ids.ts';
import { type ContextSettings, threadUsage } from '../context-settings.ts';
import { readableThread, type ThreadRepos } from '../thread-access.ts';
import type { ReaderWindows } from './reader-windows.ts';
import type { ThreadWindow } from './window-reader.ts';

type Deps = ThreadRepos & Readonly<{ windows: ReaderWindows; settings: ContextSettings }>;

export class ReadWindow {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /**
   * As a model would be sent it for the actor; the usage is the thread's. Throws 403 without `chat.use`; 404
   * `thread_not_found`.
   */
  async execute(actor: UserActor, id: ThreadId): Promise<ThreadWindow & { usage: Usage }> {
    await readableThread(this.#deps, actor, id);
    const current = await this.#deps.windows.read(actor, id, 'actor');
    return { ...current, usage: threadUsage(current.thread, this.#deps.settings) };
  }
}
