/** Refuses whoever could not start a conversation now: for the answer about one that they started before. */
import type { Memberships } from '#application/games/ports.ts';
import { requirePermission, type UserActor } from '#domain/shared/actor.ts';
import { type ThreadPlace, workspaceOfThread } from './workspace-of-thread.ts';

type Deps = Readonly<{ reads: Readonly<{ memberships: Pick<Memberships, 'getWorkspace'> }> }>;

export class CheckStarter {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /** Throws 403 without `chat.use`, and what `workspaceOfThread` throws. */
  async execute(actor: UserActor, place: ThreadPlace): Promise<void> {
    requirePermission(actor, 'chat.use');
    await workspaceOfThread(this.#deps.reads.memberships, actor, place);
  }
}
