/** Pins a message, so that no compaction touches it, or unpins it. */
import type { Clock } from '#application/shared/clock.ts';
import { checkPins } from '#domain/conversations/compaction/protection.ts';
import { conversationErrors } from '#domain/conversations/errors.ts';
import { isPinned, withoutPin, withPin } from '#domain/conversations/pins.ts';
import { requireUnarchived } from '#domain/conversations/policy.ts';
import type { Thread } from '#domain/conversations/thread.ts';
import type { Usage } from '#domain/conversations/usage.ts';
import type { Window } from '#domain/conversations/window.ts';
import type { UserActor } from '#domain/shared/actor.ts';
import type { ThreadId } from '#domain/shared/ids.ts';
import type { ShownCitations } from '../citations/shown-citations.ts';
import type { WindowReader } from '../context/window-reader.ts';
import { type ContextSettings, threadUsage } from '../context-settings.ts';
import type { Conversations, StoredMessage } from '../ports.ts';
import { managedThread, type ThreadRepos } from '../thread-access.ts';

/** How often it is tried again after a concurrent change of the window. */
const MAX_ATTEMPTS = 5;

type Deps = ThreadRepos &
  Readonly<{
    conversations: Pick<Conversations, 'commit' | 'message'>;
    citations: ShownCitations;
    windows: WindowReader;
    clock: Clock;
    settings: ContextSettings;
  }>;

export type ChangePinInput = Readonly<{ threadId: ThreadId; seq: number; pinned: boolean }>;
type Pinned = Readonly<{ message: StoredMessage; usage: Usage }>;

export class ChangePin {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /**
   * What is so already stays so, and is no change. Throws 403 without `chat.use`, or `thread_not_yours`; 404
   * `thread_not_found`, `message_not_found`; 409 `archived`, and `not_verbatim` where the window shows no longer what
   * was said; 413 `pins_over_budget`; 503 `append_contended`, `compaction_busy`.
   */
  async execute(actor: UserActor, input: ChangePinInput): Promise<Pinned> {
    const { conversations, citations } = this.#deps;
    const known = await managedThread(this.#deps, actor, input.threadId);
    const found = await conversations.message(input.threadId, input.seq);
    if (found === undefined) throw conversationErrors.messageNotFound();
    const [message] = await citations.in(actor, known, [found]);
    for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt += 1) {
      const { thread, window } = await this.#deps.windows.read(input.threadId);
      const pinning = isPinned(window, input.seq) === input.pinned ? thread : await this.#commit(thread, window, input);
      if (pinning !== undefined)
        return { message: { ...message!, pinned: input.pinned }, usage: threadUsage(pinning, this.#deps.settings) };
    }
    throw conversationErrors.appendContended();
  }

  /** Undefined where the window changed meanwhile. */
  #commit(thread: Thread, window: Window, { threadId, seq, pinned }: ChangePinInput): Promise<Thread | undefined> {
    const { conversations, settings, clock } = this.#deps;
    requireUnarchived(thread);
    const { entries } = pinned ? this.#pinned(window, seq) : withoutPin(window, seq);
    return conversations.commit({
      kind: 'pin',
      threadId,
      ifVersion: thread.version,
      seq,
      pinned,
      at: clock.now(),
      sizeDelta: 0,
      entriesDelta: 0,
      entries,
      lastSeq: thread.lastSeq,
      estimator: settings.estimator.name,
    });
  }

  #pinned(window: Window, seq: number): Window {
    const { policy, estimator } = this.#deps.settings;
    const pinned = withPin(window, seq);
    checkPins(pinned, { seq }, policy, estimator);
    return pinned;
  }
}
