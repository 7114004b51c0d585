/** Starts a conversation, private or in a game. */
import type { Memberships } from '#application/games/ports.ts';
import type { Clock } from '#application/shared/clock.ts';
import type { IdempotencyKeys, ToStoredResponse } from '#application/shared/idempotency.ts';
import type { Ids } from '#application/shared/ids.ts';
import type { UnitOfWork } from '#application/shared/unit-of-work.ts';
import { checkPins } from '#domain/conversations/compaction/protection.ts';
import type { Thread } from '#domain/conversations/thread.ts';
import { windowOf } from '#domain/conversations/window.ts';
import { requirePermission, type UserActor } from '#domain/shared/actor.ts';
import type { ContextSettings } from '../context-settings.ts';
import type { TextCounter, Threads } from '../ports.ts';
import { requireThreadRoom, type ThreadRoom } from './thread-room.ts';
import { type ThreadPlace, workspaceOfThread } from './workspace-of-thread.ts';

type Deps = ThreadRoom &
  Readonly<{
    unitOfWork: UnitOfWork<{
      threads: Pick<Threads, 'add'>;
      memberships: Pick<Memberships, 'getWorkspace'>;
      idempotency: IdempotencyKeys;
    }>;
    counter: TextCounter;
    clock: Clock;
    ids: Ids;
    settings: ContextSettings;
  }>;

/** In a game its members take part; without one it is a private conversation. */
export type StartThreadInput = ThreadPlace & Readonly<{ title: string | null; systemPrompt: string | null }>;

export class StartThread {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /**
   * Returns the new thread. Throws 403 without `chat.use`; 404 `game_not_found` if the actor is not a member of the
   * game, `workspace_not_found`; 409 `threads_full`; 413 `pins_over_budget` if the system prompt exceeds the pins'
   * share of the budget; 503 `compaction_busy`.
   */
  async execute(
    actor: UserActor,
    input: StartThreadInput,
    toStoredResponse?: ToStoredResponse<Thread>,
  ): Promise<Thread> {
    requirePermission(actor, 'chat.use');
    const { unitOfWork, counter, clock, ids, settings } = this.#deps;
    await requireThreadRoom(this.#deps, actor.userId);
    const [promptSize] = await counter.sizesOf([input.systemPrompt ?? '']);
    const window = windowOf(input.systemPrompt, promptSize!, []);
    checkPins(window, 'start', settings.policy, settings.estimator);
    const started: Omit<Thread, 'workspaceId'> = {
      id: ids.next('thread'),
      title: input.title,
      ownerId: actor.userId,
      gameId: input.gameId,
      systemPrompt: input.systemPrompt,
      createdAt: clock.now(),
      lastMessageAt: null,
      archived: false,
      version: 0,
      lastSeq: 0,
      revision: 0,
      windowSize: window.size,
      windowEntries: 0,
      estimator: settings.estimator.name,
    };
    return unitOfWork.run(async ({ threads, memberships, idempotency }) => {
      // Found within the unit of work, so that the actor cannot leave the game before the thread is added.
      const thread = { ...started, workspaceId: await workspaceOfThread(memberships, actor, input) };
      await threads.add(thread);
      if (toStoredResponse !== undefined) await idempotency.add(toStoredResponse(thread));
      return thread;
    });
  }
}
