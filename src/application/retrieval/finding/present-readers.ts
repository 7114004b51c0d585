/** Readers whose questions take longer than a look-up: with the rights that are theirs at each moment. */
import type { Principals } from '#application/identity/roles/principals.ts';
import type { Clock } from '#application/shared/clock.ts';
import type { LibraryReader } from '#domain/library/library-reader.ts';
import { holdsIn, type UserActor } from '#domain/shared/actor.ts';
import type { WorkspaceId } from '#domain/shared/ids.ts';
import type { TimelessReader } from './reader-of.ts';

type Deps = Readonly<{ principals: Pick<Principals, 'findActive'>; clock: Clock }>;

export class PresentReaders {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /** The reader at this moment; of what the actor has lost since they asked, nothing is there for them. */
  async now(actor: UserActor, reader: TimelessReader): Promise<LibraryReader> {
    const { principals, clock } = this.#deps;
    const principal = await principals.findActive(actor.userId);
    const { permissions, workspaces: rights } = principal ?? { permissions: [], workspaces: [] };
    const present: UserActor = { ...actor, permissions, workspaces: rights };
    // By a token they may less than they hold.
    const mayIn = (permission: string) => (id: WorkspaceId) =>
      [actor, present].every((one) => holdsIn(one, id, permission));
    const workspaces = reader.workspaces.filter(mayIn('sources.read'));
    const changesIn = reader.changesIn.filter(mayIn('sources.write'));
    return { ...reader, workspaces, changesIn, now: clock.now() };
  }
}
