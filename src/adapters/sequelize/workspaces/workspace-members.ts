/** Who is in which workspace: the model, the mapping of a row, and the store. */
import { type Model, type ModelStatic, QueryTypes, type Sequelize, type Transaction } from 'sequelize';
import type { Page, PageRequest } from '#application/shared/page.ts';
import type { WorkspaceMemberCursor, WorkspaceMembers } from '#application/workspaces/ports.ts';
import { identityErrors } from '#domain/identity/errors.ts';
import { ADMIN_ROLE } from '#domain/identity/permissions.ts';
import type { UserId, WorkspaceId } from '#domain/shared/ids.ts';
import { known } from '#domain/shared/vocabulary.ts';
import { HOME_ID, roleInHome, WORKSPACE_ROLES, type WorkspaceRole } from '#domain/shared/workspace-rights.ts';
import { workspaceErrors } from '#domain/workspaces/errors.ts';
import type { WorkspaceMember, WorkspaceMembership } from '#domain/workspaces/workspace.ts';
import { dateFrom, primaryKey, reference, text, time } from '../shared/columns.ts';
import { isForeignKeyViolation, isUniqueViolation } from '../shared/failures.ts';
import { isNewer, newerThan, pageOf } from '../shared/keyset.ts';

type MemberRow = { workspace_id: string; user_id: string; role: string; joined_at: number };
/** `role` is null where there is no row; `runs_all` is 1 for whoever has the role `admin`, else 0. */
type FoundRow = Omit<MemberRow, 'role'> & { role: string | null; display_name: string; runs_all: number };
type WorkspaceMemberModel = ModelStatic<Model<MemberRow>>;

export function defineWorkspaceMembers(sequelize: Sequelize): WorkspaceMemberModel {
  return sequelize.define<Model<MemberRow>>(
    'workspaceMember',
    {
      workspace_id: primaryKey(reference('workspaces')),
      user_id: primaryKey(reference('users')),
      role: text(),
      joined_at: time(),
    },
    { tableName: 'workspace_members', timestamps: false },
  );
}

export function membershipFrom(row: MemberRow): WorkspaceMembership {
  return {
    workspaceId: row.workspace_id as WorkspaceId,
    userId: row.user_id as UserId,
    role: row.role as WorkspaceRole,
    joinedAt: dateFrom(row.joined_at),
  };
}

function memberFrom({ role, display_name, runs_all, ...row }: FoundRow): WorkspaceMember {
  const stored = (role ?? undefined) as WorkspaceRole | undefined;
  const isHome = row.workspace_id === HOME_ID;
  const effective = isHome ? roleInHome(stored, runs_all === 1) : (stored as WorkspaceRole);
  return { ...membershipFrom({ ...row, role: effective }), displayName: display_name };
}

const MEMBERS = `
  SELECT workspace_id, user_id, role, joined_at, display_name, 0 AS runs_all
  FROM workspace_members JOIN users ON users.id = user_id WHERE workspace_id = :workspaceId`;

/** All users, since there is an account of theirs. */
const HOME_MEMBERS = `
  SELECT * FROM (
    SELECT :workspaceId AS workspace_id, users.id AS user_id, workspace_members.role, users.created_at AS joined_at,
      display_name, CASE WHEN user_roles.role IS NULL THEN 0 ELSE 1 END AS runs_all
    FROM users
    LEFT JOIN workspace_members ON workspace_id = :workspaceId AND workspace_members.user_id = users.id
    LEFT JOIN user_roles ON user_roles.user_id = users.id AND user_roles.role = '${ADMIN_ROLE}') AS home
  WHERE TRUE`;

/** Workspaces other than Home that the user owns alone. */
const OWNED_ALONE = `
  SELECT workspace_id FROM workspace_members AS own
  WHERE user_id = :userId AND role = 'owner' AND workspace_id <> '${HOME_ID}' AND NOT EXISTS (
    SELECT 1 FROM workspace_members AS other
    WHERE other.workspace_id = own.workspace_id AND other.role = 'owner' AND other.user_id <> :userId)
  LIMIT 1`;

type Deps = Readonly<{ sequelize: Sequelize; model: WorkspaceMemberModel; transaction: Transaction | null }>;

export class SequelizeWorkspaceMembers implements WorkspaceMembers {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  async listByUser(userId: UserId): Promise<readonly WorkspaceMembership[]> {
    const { model, transaction } = this.#deps;
    const order = [['joined_at', 'ASC'] as [string, string], ['workspace_id', 'ASC'] as [string, string]];
    const rows = await model.findAll({ where: { user_id: userId }, order, transaction });
    return rows.map((row) => membershipFrom(row.get()));
  }

  async find(workspaceId: WorkspaceId, userId: UserId): Promise<WorkspaceMember | undefined> {
    const values = { workspaceId, userId };
    const [row] = await this.#select<FoundRow>(`${membersOf(workspaceId)} AND user_id = :userId`, values);
    return row === undefined ? undefined : memberFrom(row);
  }

  async getRole(workspaceId: WorkspaceId, userId: UserId): Promise<WorkspaceRole> {
    const member = await this.find(workspaceId, userId);
    if (member === undefined) throw identityErrors.userNotFound();
    return member.role;
  }

  async list(
    workspaceId: WorkspaceId,
    { limit, cursor }: PageRequest<WorkspaceMemberCursor>,
  ): Promise<Page<WorkspaceMember, WorkspaceMemberCursor>> {
    const page = `AND ${isNewer('joined_at', 'user_id')} ORDER BY joined_at, user_id LIMIT :limit`;
    const values = { workspaceId, limit: limit + 1, ...newerThan(cursor) };
    const rows = await this.#select<FoundRow>(`${membersOf(workspaceId)} ${page}`, values);
    return pageOf(rows.map(memberFrom), limit, ({ joinedAt, userId }) => ({ at: joinedAt, id: userId }));
  }

  countOwners(workspaceId: WorkspaceId): Promise<number> {
    const { model, transaction } = this.#deps;
    return model.count({ where: { workspace_id: workspaceId, role: 'owner' }, transaction });
  }

  async add(membership: WorkspaceMembership): Promise<void> {
    const { model, transaction } = this.#deps;
    try {
      await model.create(rowOf(membership), { transaction });
    } catch (error) {
      if (isUniqueViolation(error, 'user_id')) throw workspaceErrors.alreadyMember();
      if (isForeignKeyViolation(error)) throw identityErrors.userNotFound();
      throw error;
    }
  }

  async save(membership: WorkspaceMembership): Promise<void> {
    const { model, transaction } = this.#deps;
    await model.upsert(rowOf(membership), { transaction });
  }

  async remove(workspaceId: WorkspaceId, userId: UserId): Promise<void> {
    const { model, transaction } = this.#deps;
    await model.destroy({ where: { workspace_id: workspaceId, user_id: userId }, transaction });
  }

  async removeByUser(userId: UserId): Promise<void> {
    const { model, transaction } = this.#deps;
    const [alone] = await this.#select<{ workspace_id: string }>(OWNED_ALONE, { userId });
    if (alone !== undefined) throw workspaceErrors.lastOwner({ workspace_id: alone.workspace_id });
    await model.destroy({ where: { user_id: userId }, transaction });
  }

  #select<Row extends object>(sql: string, replacements: Record<string, unknown>): Promise<Row[]> {
    const { sequelize, transaction } = this.#deps;
    return sequelize.query<Row>(sql, { replacements, type: QueryTypes.SELECT, transaction });
  }
}

function membersOf(id: WorkspaceId): string {
  return id === HOME_ID ? HOME_MEMBERS : MEMBERS;
}

function rowOf({ workspaceId, userId, role, joinedAt }: WorkspaceMembership): MemberRow {
  return {
    workspace_id: workspaceId,
    user_id: userId,
    role: known(WORKSPACE_ROLES, role),
    joined_at: joinedAt.getTime(),
  };
}
