/** Reads how full a conversation's window is. */
import type { Usage } from '#domain/conversations/usage.ts';
import type { UserActor } from '#domain/shared/actor.ts';
import type { ThreadId } from '#domain/shared/ids.ts';
import { type ContextSettings, threadUsage } from '../context-settings.ts';
import { readableThread, type ThreadRepos } from '../thread-access.ts';
import type { WindowReader } from './window-reader.ts';

type Deps = ThreadRepos & Readonly<{ windows: WindowReader; settings: ContextSettings }>;

export class ReadUsage {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /** Throws 403 without `chat.use`; 404 `thread_not_found`. */
  async execute(actor: UserActor, id: ThreadId): Promise<Usage> {
    const { windows, settings } = this.#deps;
    const thread = await readableThread(this.#deps, actor, id);
    // Only after a change of estimator is the window itself needed, to count it again.
    const counted = thread.estimator === settings.estimator.name ? thread : (await windows.read(id)).thread;
    return threadUsage(counted, settings);
  }
}
