/** Reads how full a conversation's window is. */
import type { Usage } from '#domain/conversations/usage.ts';
import type { UserActor } from '#domain/shared/actor.ts';
import type { ThreadId } from '#domain/shared/ids.ts';
import { readableThread, type ThreadRepos } from '../thread-access.ts';
import type { UsageReader } from './usage-reader.ts';

type Deps = ThreadRepos & Readonly<{ usages: UsageReader }>;

export class ReadUsage {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /** Throws 403 without `chat.use`; 404 `thread_not_found`. */
  async execute(actor: UserActor, id: ThreadId): Promise<Usage> {
    return this.#deps.usages.of(await readableThread(this.#deps, actor, id));
  }
}
