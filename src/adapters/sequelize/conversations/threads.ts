/** Threads: the model, the mapping of a row, and the store within a unit of work. */
import type { Model, ModelStatic, Sequelize, Transaction } from 'sequelize';
import type { Threads } from '#application/conversations/ports.ts';
import type { Thread } from '#domain/conversations/thread.ts';
import type { EstimatorName } from '#domain/conversations/usage.ts';
import type { GameId, ThreadId, UserId, WorkspaceId } from '#domain/shared/ids.ts';
import { bigint, boolean, dateFrom, integer, nullable, primaryKey, reference, text, time } from '../shared/columns.ts';

export type ThreadRow = {
  id: string;
  owner_id: string;
  workspace_id: string;
  game_id: string | null;
  title: string | null;
  system_prompt: string | null;
  created_at: number;
  last_message_at: number | null;
  archived: boolean;
  version: number;
  last_seq: number;
  revision: number;
  window_size: number;
  window_entries: number;
  estimator: string;
};

/** A deleted thread is hidden, and removed later; statements alone look at the reply that is under way. */
type StoredThreadRow = ThreadRow & { deleted_at?: number | null; reply_id: string | null };

export type ThreadModel = ModelStatic<Model<StoredThreadRow>>;

export function defineThreads(sequelize: Sequelize): ThreadModel {
  return sequelize.define<Model<StoredThreadRow>>(
    'thread',
    {
      id: primaryKey(text()),
      owner_id: nullable(reference('users')),
      workspace_id: nullable(reference('workspaces')),
      game_id: nullable(reference('games')),
      title: nullable(text()),
      system_prompt: nullable(text()),
      created_at: time(),
      last_message_at: nullable(time()),
      archived: boolean(),
      version: integer(),
      last_seq: integer(),
      revision: integer(),
      window_size: bigint(),
      window_entries: integer(),
      estimator: text(),
      deleted_at: nullable(time()),
      reply_id: nullable(text()),
    },
    { tableName: 'threads', timestamps: false },
  );
}

export function threadFrom(row: ThreadRow): Thread {
  return {
    id: row.id as ThreadId,
    title: row.title,
    ownerId: row.owner_id as UserId,
    workspaceId: row.workspace_id as WorkspaceId,
    gameId: row.game_id as GameId | null,
    systemPrompt: row.system_prompt,
    createdAt: dateFrom(row.created_at),
    lastMessageAt: dateFrom(row.last_message_at),
    archived: Boolean(row.archived),
    version: row.version,
    lastSeq: row.last_seq,
    revision: row.revision,
    windowSize: Number(row.window_size),
    windowEntries: row.window_entries,
    estimator: row.estimator as EstimatorName,
  };
}

export function rowOf(thread: Thread): StoredThreadRow {
  return {
    id: thread.id,
    owner_id: thread.ownerId,
    workspace_id: thread.workspaceId,
    game_id: thread.gameId,
    title: thread.title,
    system_prompt: thread.systemPrompt,
    created_at: thread.createdAt.getTime(),
    last_message_at: thread.lastMessageAt?.getTime() ?? null,
    archived: thread.archived,
    version: thread.version,
    last_seq: thread.lastSeq,
    revision: thread.revision,
    window_size: thread.windowSize,
    window_entries: thread.windowEntries,
    estimator: thread.estimator,
    reply_id: null,
  };
}

const TRANSFER_OWNERSHIP = `
  UPDATE threads SET version = version + 1, owner_id = (
    SELECT user_id FROM game_members
    WHERE game_members.game_id = threads.game_id AND role_in_game = 'gm' AND user_id <> :ownerId
    ORDER BY joined_at, user_id LIMIT 1)
  WHERE owner_id = :ownerId AND game_id IS NOT NULL AND deleted_at IS NULL`;
const IN_ONE_GAME = ' AND game_id = :gameId';
const IN_ONE_WORKSPACE = ' AND workspace_id = :workspaceId';

/** With another version, whatever is under way on the strength of the last one comes too late. */
const REMOVE = 'UPDATE threads SET version = version + 1, deleted_at = :at WHERE deleted_at IS NULL';
const REMOVE_ONE = `${REMOVE} AND id = :id`;
const REMOVE_BY_WORKSPACE = `${REMOVE} AND workspace_id = :workspaceId`;
const REMOVE_PRIVATE = `${REMOVE} AND owner_id = :ownerId AND game_id IS NULL`;

export class SequelizeThreads implements Threads {
  readonly #model: ThreadModel;
  readonly #transaction: Transaction | null;

  constructor(deps: Readonly<{ model: ThreadModel; transaction: Transaction | null }>) {
    this.#model = deps.model;
    this.#transaction = deps.transaction;
  }

  async add(thread: Thread): Promise<void> {
    await this.#model.create(rowOf(thread), { transaction: this.#transaction });
  }

  async find(id: ThreadId): Promise<Thread | undefined> {
    const row = await this.#model.findOne({ where: { id, deleted_at: null }, transaction: this.#transaction });
    return row === null ? undefined : threadFrom(row.get());
  }

  async save(thread: Thread): Promise<void> {
    const { title, archived, system_prompt, version, window_size } = rowOf(thread);
    const changed = { title, archived, system_prompt, version, window_size };
    await this.#model.update(changed, { where: { id: thread.id }, transaction: this.#transaction });
  }

  remove(id: ThreadId, at: Date): Promise<void> {
    return this.#run(REMOVE_ONE, { id, at: at.getTime() });
  }

  removePrivate(ownerId: UserId, at: Date): Promise<void> {
    return this.#run(REMOVE_PRIVATE, { ownerId, at: at.getTime() });
  }

  countByOwner(ownerId: UserId): Promise<number> {
    return this.#model.count({ where: { owner_id: ownerId, deleted_at: null }, transaction: this.#transaction });
  }

  async transferOwnership(ownerId: UserId, gameId?: GameId): Promise<void> {
    if (gameId === undefined) await this.#run(TRANSFER_OWNERSHIP, { ownerId });
    else await this.#run(TRANSFER_OWNERSHIP + IN_ONE_GAME, { ownerId, gameId });
  }

  async transferInWorkspace(ownerId: UserId, workspaceId: WorkspaceId): Promise<void> {
    await this.#run(TRANSFER_OWNERSHIP + IN_ONE_WORKSPACE, { ownerId, workspaceId });
  }

  removeByWorkspace(workspaceId: WorkspaceId, at: Date): Promise<void> {
    return this.#run(REMOVE_BY_WORKSPACE, { workspaceId, at: at.getTime() });
  }

  async #run(sql: string, replacements: Readonly<Record<string, string | number>>): Promise<void> {
    await this.#model.sequelize?.query(sql, { replacements, transaction: this.#transaction });
  }
}
