/** How an invitation is accepted, whatever it leads to: within a unit of work. */
import type { UserId } from '#domain/shared/ids.ts';
import { checkAddressee, type InvitationTerms, invitationErrors, isOver } from '#domain/shared/invitation.ts';

/** What depends on where the invitation leads. */
type Acceptance<Member> = Readonly<{
  /** The member that the user is already. */
  findMember(): Promise<Member | undefined>;
  /** Whether the inviter may still invite to that role: their rights count when the invitation is accepted. */
  inviterStillMay(): Promise<boolean>;
  /** Counts one use, as `InvitationStore.use` does. */
  use(): Promise<boolean>;
  join(): Promise<Member>;
}>;

type Repos<One> = Readonly<{
  users: Readonly<{ find(id: UserId): Promise<Readonly<{ email: string }> | undefined> }>;
  invitations: Readonly<{ findByDigest(digest: string): Promise<One | undefined> }>;
}>;

/** The invitation, for its addressee. Throws 404 `invitation_not_found`, `invitation_for_another`. */
export async function invitationFor<One extends InvitationTerms>(
  { users, invitations }: Repos<One>,
  userId: UserId,
  digest: string,
): Promise<One> {
  const invitation = await invitations.findByDigest(digest);
  if (invitation === undefined) throw invitationErrors.invitationNotFound();
  const user = await users.find(userId);
  checkAddressee(invitation, user?.email ?? '');
  return invitation;
}

/**
 * Who is a member already stays what they are, and uses nothing. Throws 410 `invitation_over`; 409
 * `invitation_used_up`.
 */
export async function accept<Member>(
  invitation: InvitationTerms,
  now: Date,
  { findMember, inviterStillMay, use, join }: Acceptance<Member>,
): Promise<Member> {
  const member = await findMember();
  if (member !== undefined) return member;
  if (isOver(invitation, now) || !(await inviterStillMay())) throw invitationErrors.invitationOver();
  if (!(await use())) throw invitationErrors.invitationUsedUp();
  return join();
}

/** Whether declining ends it: only one for a single addressee, and once. */
export function endsByDeclining({ email, revokedAt }: InvitationTerms): boolean {
  return email !== null && revokedAt === null;
}
