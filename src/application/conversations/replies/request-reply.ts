/** Asks the language model for the next message of a thread. */
import type { TakeAsk } from '#application/workspaces/take-ask.ts';
import { conversationErrors } from '#domain/conversations/errors.ts';
import { requireUnarchived } from '#domain/conversations/policy.ts';
import { requirePermissionIn, type UserActor } from '#domain/shared/actor.ts';
import type { ReplyId, ThreadId } from '#domain/shared/ids.ts';
import type { LanguageModel } from '../language-model.ts';
import { readableThread, type ThreadRepos } from '../thread-access.ts';
import type { ReplyStarter } from './reply-starter.ts';

type Deps = ThreadRepos &
  Readonly<{
    starter: ReplyStarter;
    /** Null where none is configured. */
    model: LanguageModel | null;
    takeAsk: TakeAsk;
  }>;

export class RequestReply {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /**
   * Begins a reply, which goes on behind the request; what becomes of it is told on the event bus. Throws 403 without
   * `chat.use`, and without `sources.read` for one from the library; 404 `thread_not_found`; 409 `archived`,
   * `nothing_to_answer`, `reply_in_progress`; 429 `quota_exceeded`; 503 `no_model`, `replies_busy`,
   * `store_unavailable`.
   */
  async execute(actor: UserActor, threadId: ThreadId, { fromSources = false } = {}): Promise<ReplyId> {
    const { starter, model, takeAsk } = this.#deps;
    const thread = await readableThread(this.#deps, actor, threadId);
    if (fromSources) requirePermissionIn(actor, thread.workspaceId, 'sources.read');
    if (model === null) throw conversationErrors.noModel();
    requireUnarchived(thread);
    if (thread.lastSeq === 0) throw conversationErrors.nothingToAnswer();
    const wishes = { parameters: {}, takesCutOff: false, fromSources };
    const prepare = async () => {
      if (fromSources) await takeAsk.execute(thread.workspaceId);
    };
    const { replyId } = await starter.start({ actor, model, wishes, thread: async () => threadId, prepare });
    return replyId;
  }
}
