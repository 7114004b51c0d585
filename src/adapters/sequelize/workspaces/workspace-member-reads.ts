/** What is stored of a user's memberships, as it is looked up outside a unit of work. */
import type { WorkspaceMemberReads } from '#application/workspaces/ports.ts';
import type { UserId } from '#domain/shared/ids.ts';
import type { WorkspaceMembership } from '#domain/workspaces/workspace.ts';
import type { Queries } from '../shared/queries.ts';
import { statement } from '../shared/statement.ts';
import { membershipFrom } from './workspace-members.ts';

const BY_USER = statement(
  'workspaces-of-user',
  { user: 'text' },
  'SELECT * FROM workspace_members WHERE user_id = :user ORDER BY joined_at, workspace_id',
  membershipFrom,
);

export class PreparedWorkspaceMemberReads implements WorkspaceMemberReads {
  readonly #queries: Queries;

  constructor(queries: Queries) {
    this.#queries = queries;
  }

  listByUser(userId: UserId): Promise<readonly WorkspaceMembership[]> {
    return this.#queries.all(BY_USER, { user: userId });
  }
}
