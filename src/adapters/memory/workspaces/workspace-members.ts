/** Who is in which workspace, in memory. */
import type { Page, PageRequest } from '#application/shared/page.ts';
import type { WorkspaceMemberCursor, WorkspaceMembers } from '#application/workspaces/ports.ts';
import { identityErrors } from '#domain/identity/errors.ts';
import { ADMIN_ROLE } from '#domain/identity/permissions.ts';
import type { User } from '#domain/identity/user.ts';
import type { UserId, WorkspaceId } from '#domain/shared/ids.ts';
import { known } from '#domain/shared/vocabulary.ts';
import { HOME_ID, roleInHome, WORKSPACE_ROLES, type WorkspaceRole } from '#domain/shared/workspace-rights.ts';
import { workspaceErrors } from '#domain/workspaces/errors.ts';
import type { WorkspaceMember, WorkspaceMembership } from '#domain/workspaces/workspace.ts';
import { oldestFirst } from '../shared/keyset.ts';
import type { Changes, MemoryTables } from '../shared/tables.ts';

/** Under which a membership is stored: a user is a member once. */
export function workspaceMemberKey(workspaceId: WorkspaceId, userId: UserId): string {
  return `${workspaceId} ${userId}`;
}

export class MemoryWorkspaceMembers implements WorkspaceMembers {
  readonly #tables: MemoryTables;
  readonly #changes: Changes;

  constructor(deps: Readonly<{ tables: MemoryTables; changes: Changes }>) {
    this.#tables = deps.tables;
    this.#changes = deps.changes;
  }

  async listByUser(userId: UserId): Promise<readonly WorkspaceMembership[]> {
    const stored = this.#of((one) => one.userId === userId);
    const keyOf = (one: WorkspaceMembership) => ({ at: one.joinedAt, id: one.workspaceId });
    return oldestFirst(stored, keyOf, { limit: stored.length }).items;
  }

  async find(workspaceId: WorkspaceId, userId: UserId): Promise<WorkspaceMember | undefined> {
    const user = this.#changes.find(this.#tables.users, userId);
    return user && this.#memberOf(workspaceId, user);
  }

  async getRole(workspaceId: WorkspaceId, userId: UserId): Promise<WorkspaceRole> {
    const member = await this.find(workspaceId, userId);
    if (member === undefined) throw identityErrors.userNotFound();
    return member.role;
  }

  async list(
    workspaceId: WorkspaceId,
    page: PageRequest<WorkspaceMemberCursor>,
  ): Promise<Page<WorkspaceMember, WorkspaceMemberCursor>> {
    const users = [...this.#changes.all(this.#tables.users)];
    const members = users.map((user) => this.#memberOf(workspaceId, user)).filter((one) => one !== undefined);
    return oldestFirst(members, ({ joinedAt, userId }) => ({ at: joinedAt, id: userId }), page);
  }

  async countOwners(workspaceId: WorkspaceId): Promise<number> {
    return this.#ownersOf(workspaceId).length;
  }

  async add(membership: WorkspaceMembership): Promise<void> {
    const { workspaceId, userId } = membership;
    if (!this.#changes.has(this.#tables.users, userId)) throw identityErrors.userNotFound();
    if (!this.#changes.has(this.#tables.workspaces, workspaceId)) throw new Error('There is no such workspace.');
    if (this.#changes.has(this.#tables.workspaceMembers, workspaceMemberKey(workspaceId, userId)))
      throw workspaceErrors.alreadyMember();
    await this.save(membership);
  }

  async save({ workspaceId, userId, role, joinedAt }: WorkspaceMembership): Promise<void> {
    const stored = { workspaceId, userId, role: known(WORKSPACE_ROLES, role), joinedAt };
    this.#changes.set(this.#tables.workspaceMembers, workspaceMemberKey(workspaceId, userId), stored);
  }

  async remove(workspaceId: WorkspaceId, userId: UserId): Promise<void> {
    this.#changes.remove(this.#tables.workspaceMembers, workspaceMemberKey(workspaceId, userId));
  }

  async removeByUser(userId: UserId): Promise<void> {
    const own = this.#of((one) => one.userId === userId);
    const alone = own.find(
      ({ workspaceId, role }) =>
        workspaceId !== HOME_ID && role === 'owner' && this.#ownersOf(workspaceId).length === 1,
    );
    if (alone !== undefined) throw workspaceErrors.lastOwner({ workspace_id: alone.workspaceId });
    for (const { workspaceId } of own) await this.remove(workspaceId, userId);
  }

  #memberOf(workspaceId: WorkspaceId, user: User): WorkspaceMember | undefined {
    const stored = this.#changes.find(this.#tables.workspaceMembers, workspaceMemberKey(workspaceId, user.id));
    const { id: userId, displayName } = user;
    if (workspaceId !== HOME_ID) return stored && { ...stored, displayName };
    const role = roleInHome(stored?.role, user.roles.includes(ADMIN_ROLE));
    return { workspaceId, userId, role, joinedAt: user.createdAt, displayName };
  }

  #ownersOf(id: WorkspaceId): readonly WorkspaceMembership[] {
    return this.#of(({ workspaceId, role }) => workspaceId === id && role === 'owner');
  }

  #of(isWanted: (membership: WorkspaceMembership) => boolean): WorkspaceMembership[] {
    return [...this.#changes.all(this.#tables.workspaceMembers, isWanted)];
  }
}
