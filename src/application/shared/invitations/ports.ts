/** Invitations, to whatever they lead, as a port. */
import type { InvitationId } from '#domain/shared/ids.ts';
import type { InvitationTerms } from '#domain/shared/invitation.ts';
import type { Page, PageRequest } from '../page.ts';

/** The keyset of the last invitation of a page: the time at which it was made, and its id. */
export type InvitationCursor = Readonly<{ at: Date; id: InvitationId }>;

/** Invitations of one kind. Only a unit of work may call the methods that change something. */
export interface InvitationStore<Target, One extends InvitationTerms> {
  find(target: Target, id: InvitationId): Promise<One | undefined>;
  findByDigest(digest: string): Promise<One | undefined>;
  /** Returns a page of the invitations to a target, newest first. */
  list(target: Target, page: PageRequest<InvitationCursor>): Promise<Page<One, InvitationCursor>>;
  add(invitation: One): Promise<void>;
  /**
   * Counts one use, atomically by one conditional write: however many users race, `maxUses` is never exceeded. Returns
   * false, with nothing changed, if no use is left or the invitation was revoked. Does not check expiry.
   */
  use(id: InvitationId): Promise<boolean>;
  /** Revokes the invitation. One that was revoked before keeps its time. */
  revoke(id: InvitationId, at: Date): Promise<void>;
}
