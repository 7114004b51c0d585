/** Workspaces in memory. */
import type { Page, PageRequest } from '#application/shared/page.ts';
import type { WorkspaceCursor, Workspaces } from '#application/workspaces/ports.ts';
import type { WorkspaceId } from '#domain/shared/ids.ts';
import type { Workspace, WorkspaceContents } from '#domain/workspaces/workspace.ts';
import { removeInvitations } from '../shared/invitations.ts';
import { newestFirst } from '../shared/keyset.ts';
import type { Changes, MemoryTable, MemoryTables } from '../shared/tables.ts';
import { workspaceMemberKey } from './workspace-members.ts';

export class MemoryWorkspaces implements Workspaces {
  readonly #tables: MemoryTables;
  readonly #changes: Changes;

  constructor(deps: Readonly<{ tables: MemoryTables; changes: Changes }>) {
    this.#tables = deps.tables;
    this.#changes = deps.changes;
  }

  async find(id: WorkspaceId): Promise<Workspace | undefined> {
    return this.#changes.find(this.#tables.workspaces, id);
  }

  async list(
    ids: readonly WorkspaceId[],
    page: PageRequest<WorkspaceCursor>,
  ): Promise<Page<Workspace, WorkspaceCursor>> {
    const found = [...this.#changes.all(this.#tables.workspaces, ({ id }) => ids.includes(id))];
    return newestFirst(found, ({ createdAt, id }) => ({ at: createdAt, id }), page);
  }

  async countContents(id: WorkspaceId): Promise<WorkspaceContents> {
    const { games, sources, threads, workspaceMembers } = this.#tables;
    const seen = [...this.#changes.all(threads, ({ workspaceId }) => workspaceId === id)].filter(
      ({ gameId, ownerId }) => gameId !== null || this.#changes.has(workspaceMembers, workspaceMemberKey(id, ownerId)),
    );
    return { games: this.#countIn(games, id), sources: this.#countIn(sources, id), threads: seen.length };
  }

  async add(workspace: Workspace): Promise<void> {
    const { users, workspaces } = this.#tables;
    const { id, createdByUserId } = workspace;
    if (createdByUserId !== null && !this.#changes.has(users, createdByUserId))
      throw new Error('There is no such user.');
    if (this.#changes.has(workspaces, id)) throw new Error('There is a workspace with this id already.');
    this.#changes.set(workspaces, id, workspace);
  }

  async save(workspace: Workspace): Promise<void> {
    const { workspaces } = this.#tables;
    if (this.#changes.has(workspaces, workspace.id)) this.#changes.set(workspaces, workspace.id, workspace);
  }

  async remove(id: WorkspaceId): Promise<void> {
    const { workspaces, workspaceMembers, workspaceInvitations, quotas, games, sources, threads } = this.#tables;
    const owned = this.#countIn(games, id) + this.#countIn(sources, id) + this.#countIn(threads, id);
    if (owned > 0) throw new Error('The workspace is not empty.');
    this.#changes.remove(workspaces, id);
    this.#changes.removeWhere(workspaceMembers, ({ workspaceId }) => workspaceId === id);
    this.#changes.removeWhere(quotas, ({ workspaceId }) => workspaceId === id);
    const idByDigest = this.#tables.workspaceInvitationIdByDigest;
    const stored = { changes: this.#changes, invitations: workspaceInvitations, idByDigest };
    removeInvitations(stored, ({ workspaceId }) => workspaceId === id);
  }

  #countIn<Row extends Readonly<{ workspaceId: WorkspaceId }>>(table: MemoryTable<Row>, id: WorkspaceId): number {
    return [...this.#changes.all(table, ({ workspaceId }) => workspaceId === id)].length;
  }
}
