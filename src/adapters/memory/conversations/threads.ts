/** Threads in memory. */
import type { ThreadCursor, ThreadFilter, ThreadReads, Threads } from '#application/conversations/ports.ts';
import type { Page, PageRequest } from '#application/shared/page.ts';
import { lastActivityAt, type Thread } from '#domain/conversations/thread.ts';
import type { GameId, ThreadId, UserId, WorkspaceId } from '#domain/shared/ids.ts';
import { membershipKey } from '../games/memberships.ts';
import { newestFirst, oldestFirst } from '../shared/keyset.ts';
import type { Changes, MemoryTables } from '../shared/tables.ts';

export class MemoryThreads implements Threads, ThreadReads {
  readonly #tables: MemoryTables;
  readonly #changes: Changes;

  constructor(deps: Readonly<{ tables: MemoryTables; changes: Changes }>) {
    this.#tables = deps.tables;
    this.#changes = deps.changes;
  }

  async add(thread: Thread): Promise<void> {
    if (!this.#changes.has(this.#tables.users, thread.ownerId)) throw new Error('There is no such user.');
    if (this.#changes.has(this.#tables.threads, thread.id)) throw new Error('There is a thread with this id already.');
    if (thread.gameId !== null && !this.#changes.has(this.#tables.games, thread.gameId))
      throw new Error('There is no such game.');
    if (!this.#changes.has(this.#tables.workspaces, thread.workspaceId)) throw new Error('There is no such workspace.');
    this.#changes.set(this.#tables.threads, thread.id, thread);
  }

  async save({ id, title, archived, systemPrompt, version, windowSize }: Thread): Promise<void> {
    const stored = this.#changes.find(this.#tables.threads, id);
    if (stored === undefined) return;
    this.#changes.set(this.#tables.threads, id, { ...stored, title, archived, systemPrompt, version, windowSize });
  }

  async remove(id: ThreadId): Promise<void> {
    if (!this.#changes.has(this.#tables.threads, id)) return;
    this.#changes.remove(this.#tables.threads, id);
    this.#changes.set(this.#tables.deletedThreads, id, id);
  }

  async removePrivate(ownerId: UserId): Promise<void> {
    for (const { id, ownerId: owner, gameId } of this.#changes.all(this.#tables.threads))
      if (owner === ownerId && gameId === null) await this.remove(id);
  }

  async countByOwner(ownerId: UserId): Promise<number> {
    return [...this.#changes.all(this.#tables.threads, (thread) => thread.ownerId === ownerId)].length;
  }

  transferOwnership(ownerId: UserId, gameId?: GameId): Promise<void> {
    return this.#transfer(ownerId, (thread) => gameId === undefined || thread.gameId === gameId);
  }

  transferInWorkspace(ownerId: UserId, workspaceId: WorkspaceId): Promise<void> {
    return this.#transfer(ownerId, (thread) => thread.workspaceId === workspaceId);
  }

  async removeByWorkspace(workspaceId: WorkspaceId): Promise<void> {
    for (const thread of this.#changes.all(this.#tables.threads))
      if (thread.workspaceId === workspaceId) await this.remove(thread.id);
  }

  async #transfer(ownerId: UserId, isMeant: (thread: Thread) => boolean): Promise<void> {
    for (const thread of this.#changes.all(this.#tables.threads)) {
      if (thread.ownerId !== ownerId || thread.gameId === null || !isMeant(thread)) continue;
      const heir = this.#firstGm(thread.gameId, ownerId);
      if (heir === undefined) throw new Error('There is no other GM.');
      const passed = { ...thread, ownerId: heir, version: thread.version + 1 };
      this.#changes.set(this.#tables.threads, thread.id, passed);
    }
  }

  async find(id: ThreadId): Promise<Thread | undefined> {
    return this.#changes.find(this.#tables.threads, id);
  }

  async listByUser(
    userId: UserId,
    page: ThreadFilter & PageRequest<ThreadCursor>,
  ): Promise<Page<Thread, ThreadCursor>> {
    const found = [
      ...this.#changes.all(this.#tables.threads, (thread) => this.#isOpenTo(userId, thread) && matches(thread, page)),
    ];
    return newestFirst(found, (thread) => ({ at: lastActivityAt(thread), id: thread.id }), page);
  }

  #isOpenTo(userId: UserId, { ownerId, gameId }: Thread): boolean {
    if (ownerId === userId) return true;
    return gameId !== null && this.#changes.has(this.#tables.memberships, membershipKey(gameId, userId));
  }

  #firstGm(gameId: GameId, except: UserId): UserId | undefined {
    const gms = [
      ...this.#changes.all(
        this.#tables.memberships,
        (one) => one.gameId === gameId && one.roleInGame === 'gm' && one.userId !== except,
      ),
    ];
    return oldestFirst(gms, (one) => ({ at: one.joinedAt, id: one.userId }), { limit: 1 }).items[0]?.userId;
  }
}

function matches(thread: Thread, { workspaceId, query, gameId, archived }: ThreadFilter): boolean {
  if (thread.workspaceId !== workspaceId) return false;
  if (gameId !== undefined && thread.gameId !== gameId) return false;
  if (archived !== undefined && thread.archived !== archived) return false;
  return !query || (thread.title ?? '').toLowerCase().includes(query.toLowerCase());
}
