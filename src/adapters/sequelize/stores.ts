/** Everything that a database stores, as the rest of the product is given it. */
import type { RecordStores } from '#application/repos.ts';
import { PreparedMembershipReads } from './games/membership-reads.ts';
import { PreparedPasswordHashReads, PreparedRoleReads, PreparedUserReads } from './identity/identity-reads.ts';
import type { Queries } from './shared/queries.ts';
import type { SequelizeUnitOfWork } from './unit-of-work.ts';
import { PreparedWorkspaceMemberReads } from './workspaces/workspace-member-reads.ts';

/** The stores of a database; those that the databases answer each in their own way are given. */
export function storesOn(
  queries: Queries,
  own: Pick<RecordStores, 'threads' | 'conversations' | 'jobQueue'> & Readonly<{ unitOfWork: SequelizeUnitOfWork }>,
): RecordStores {
  return {
    ...own,
    reads: own.unitOfWork.reads,
    users: new PreparedUserReads(queries),
    roles: new PreparedRoleReads(queries),
    passwordHashes: new PreparedPasswordHashReads(queries),
    workspaceMembers: new PreparedWorkspaceMemberReads(queries),
    memberships: new PreparedMembershipReads(queries),
  };
}
