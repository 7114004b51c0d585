/** Invitations in memory, to whatever they lead. */
import type { InvitationCursor, InvitationStore } from '#application/shared/invitations/ports.ts';
import type { Page, PageRequest } from '#application/shared/page.ts';
import type { InvitationId } from '#domain/shared/ids.ts';
import type { InvitationTerms } from '#domain/shared/invitation.ts';
import { newestFirst } from './keyset.ts';
import type { Changes, MemoryTable } from './tables.ts';

type Deps<One> = Readonly<{
  changes: Changes;
  invitations: MemoryTable<One>;
  idByDigest: MemoryTable<string>;
  targetOf(invitation: One): string;
  /** Throws where a database would refuse the row. */
  check(invitation: One): void;
}>;

export class MemoryInvitations<Target extends string, One extends InvitationTerms>
  implements InvitationStore<Target, One>
{
  readonly #deps: Deps<One>;

  constructor(deps: Deps<One>) {
    this.#deps = deps;
  }

  async find(target: Target, id: InvitationId): Promise<One | undefined> {
    const found = this.#deps.changes.find(this.#deps.invitations, id);
    return found !== undefined && this.#deps.targetOf(found) === target ? found : undefined;
  }

  async findByDigest(digest: string): Promise<One | undefined> {
    const { changes, invitations, idByDigest } = this.#deps;
    const id = changes.find(idByDigest, digest);
    return id === undefined ? undefined : changes.find(invitations, id);
  }

  async list(target: Target, page: PageRequest<InvitationCursor>): Promise<Page<One, InvitationCursor>> {
    const { changes, invitations, targetOf } = this.#deps;
    const found = [...changes.all(invitations, (one) => targetOf(one) === target)];
    return newestFirst(found, ({ createdAt, id }) => ({ at: createdAt, id }), page);
  }

  async add(invitation: One): Promise<void> {
    const { changes, invitations, idByDigest, check } = this.#deps;
    check(invitation);
    if (changes.has(idByDigest, invitation.digest)) throw new Error('There is such a code already.');
    changes.set(invitations, invitation.id, invitation);
    changes.set(idByDigest, invitation.digest, invitation.id);
  }

  async use(id: InvitationId): Promise<boolean> {
    const { changes, invitations } = this.#deps;
    const found = changes.find(invitations, id);
    if (found === undefined || found.revokedAt !== null || found.uses >= found.maxUses) return false;
    changes.set(invitations, id, { ...found, uses: found.uses + 1 });
    return true;
  }

  async revoke(id: InvitationId, at: Date): Promise<void> {
    const { changes, invitations } = this.#deps;
    const found = changes.find(invitations, id);
    if (found === undefined || found.revokedAt !== null) return;
    changes.set(invitations, id, { ...found, revokedAt: at });
  }
}

/** Removes those that lead to a target, with their codes: as the foreign keys of a database would. */
export function removeInvitations<One extends InvitationTerms>(
  { changes, invitations, idByDigest }: Pick<Deps<One>, 'changes' | 'invitations' | 'idByDigest'>,
  isMeant: (invitation: One) => boolean,
): void {
  for (const invitation of changes.all(invitations, isMeant)) {
    changes.remove(invitations, invitation.id);
    changes.remove(idByDigest, invitation.digest);
  }
}
