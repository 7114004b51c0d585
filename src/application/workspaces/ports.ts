/** The ports of the workspaces context: repositories of workspaces, their members and invitations. */
import type { UserId, WorkspaceId } from '#domain/shared/ids.ts';
import type { WorkspaceRole } from '#domain/shared/workspace-rights.ts';
import type { WorkspaceInvitation } from '#domain/workspaces/invitation.ts';
import type { QuotaAmounts, QuotaLimits, QuotaUsage } from '#domain/workspaces/quota.ts';
import type {
  Workspace,
  WorkspaceContents,
  WorkspaceMember,
  WorkspaceMembership,
} from '#domain/workspaces/workspace.ts';
import type { InvitationStore } from '../shared/invitations/ports.ts';
import type { Page, PageRequest } from '../shared/page.ts';

/** The keyset of the last item of a page: time of creation or joining, and id. The next page starts after it. */
export type WorkspaceCursor = Readonly<{ at: Date; id: WorkspaceId }>;
export type WorkspaceMemberCursor = Readonly<{ at: Date; id: UserId }>;

/** Workspaces. Only a unit of work may call the methods that change something. */
export interface Workspaces {
  find(id: WorkspaceId): Promise<Workspace | undefined>;
  /** Returns a page of these workspaces, newest first. */
  list(ids: readonly WorkspaceId[], page: PageRequest<WorkspaceCursor>): Promise<Page<Workspace, WorkspaceCursor>>;
  countContents(id: WorkspaceId): Promise<WorkspaceContents>;
  add(workspace: Workspace): Promise<void>;
  /** Updates every field of an existing workspace. */
  save(workspace: Workspace): Promise<void>;
  /**
   * Removes the workspace with its memberships and invitations. Fails where it owns anything that is not hidden for
   * good; `countContents` and `checkEmpty` refuse that in words.
   */
  remove(id: WorkspaceId): Promise<void>;
}

/** Memberships as they are read outside a unit of work, when a user's rights are looked up. */
export interface WorkspaceMemberReads {
  /** Returns what is stored of a user's memberships, oldest first: of Home only where they were given more. */
  listByUser(userId: UserId): Promise<readonly WorkspaceMembership[]>;
}

/**
 * Who is in which workspace. In Home every user is, by `roleInHome`, since their account was made; a row there is only
 * what they were given beyond that.
 */
export interface WorkspaceMembers extends WorkspaceMemberReads {
  find(workspaceId: WorkspaceId, userId: UserId): Promise<WorkspaceMember | undefined>;
  /** Returns the user's role. Throws 404 `user_not_found` for a non-member, whether or not the user exists. */
  getRole(workspaceId: WorkspaceId, userId: UserId): Promise<WorkspaceRole>;
  /** Returns a page of the members in the order in which they joined. */
  list(
    workspaceId: WorkspaceId,
    page: PageRequest<WorkspaceMemberCursor>,
  ): Promise<Page<WorkspaceMember, WorkspaceMemberCursor>>;
  /** Counts the rows that say owner, of users who are disabled too. */
  countOwners(workspaceId: WorkspaceId): Promise<number>;
  /** Throws 409 `already_in_workspace`; 404 `user_not_found`. */
  add(membership: WorkspaceMembership): Promise<void>;
  /** Stores the role of a member; of Home, whether or not there is a row yet. */
  save(membership: WorkspaceMembership): Promise<void>;
  /** Does nothing where there is no row. */
  remove(workspaceId: WorkspaceId, userId: UserId): Promise<void>;
  /**
   * Removes every row of a user before they are deleted. Throws 409 `last_owner` if they are the only owner of a
   * workspace other than Home.
   */
  removeByUser(userId: UserId): Promise<void>;
}

export type WorkspaceInvitations = InvitationStore<WorkspaceId, WorkspaceInvitation>;

/**
 * What workspaces may use up, and what they have used. Only a unit of work may call the methods that change something.
 */
export interface Quotas {
  /** Returns what was ever taken or limited, in no particular order. */
  list(workspaceId: WorkspaceId): Promise<readonly QuotaUsage[]>;
  /**
   * Takes all of these amounts or none, each by one statement that looks at the limit: of those who race for the last
   * one, one has it. Throws 429 `quota_exceeded`, after which the unit of work may go on without what it wanted.
   */
  take(workspaceId: WorkspaceId, amounts: QuotaAmounts, now: Date): Promise<void>;
  /** Never below nothing. */
  giveBack(workspaceId: WorkspaceId, amounts: QuotaAmounts): Promise<void>;
  /** What is used already stays, even if it is more. */
  saveLimits(workspaceId: WorkspaceId, limits: QuotaLimits): Promise<void>;
}

/** What workspaces need of the games in them. */
export interface MembershipsOfWorkspaces {
  /** Removes a user from every game of a workspace. Throws 409 `last_gm` if they are the only GM of one. */
  removeFromWorkspace(userId: UserId, workspaceId: WorkspaceId): Promise<void>;
}

/** What workspaces need of the conversations in them. */
export interface ThreadsOfWorkspaces {
  /**
   * Passes on what a user owns in games of a workspace, as `Threads.transferOwnership` does: for when they leave it.
   */
  transferInWorkspace(ownerId: UserId, workspaceId: WorkspaceId): Promise<void>;
  /** Hides every thread of a workspace that is about to be removed. */
  removeByWorkspace(workspaceId: WorkspaceId, at: Date): Promise<void>;
}
