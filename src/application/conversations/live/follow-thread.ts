/**
 * Follows a conversation: what its follower has missed, and then what happens in it, for as long as they may read it.
 */
import { actorErrors } from '#domain/shared/actor.ts';
import type { ThreadId } from '#domain/shared/ids.ts';
import type { Authentication } from '../../identity/authentication.ts';
import type { RecheckAuthentication } from '../../identity/sessions/recheck-authentication.ts';
import { readableThread, type ThreadRepos } from '../thread-access.ts';
import type { Following, ResumeFrom } from './following.ts';
import type { ThreadFeeds } from './thread-feeds.ts';

type Deps = ThreadRepos & Readonly<{ feeds: ThreadFeeds; recheck: Pick<RecheckAuthentication, 'execute'> }>;

export class FollowThread {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /**
   * Who asks must start the following, and close it in the end. It ends by itself, at the next recheck, once the
   * session or token is over, or the thread may not be read any more. Throws 403 without `chat.use`; 404
   * `thread_not_found`; 409 `live_streams_full`; 503 `live_streams_busy`.
   */
  async execute(authentication: Authentication, id: ThreadId, from: ResumeFrom): Promise<Following> {
    const thread = await readableThread(this.#deps, authentication.actor, id);
    const checkAccess = () => this.#checkAccess(authentication, id);
    return this.#deps.feeds.follow({ thread, authentication, from, checkAccess });
  }

  async #checkAccess(authentication: Authentication, id: ThreadId): Promise<void> {
    const actor = await this.#deps.recheck.execute(authentication);
    if (actor === null) throw actorErrors.unauthenticated();
    await readableThread(this.#deps, actor, id);
  }
}
