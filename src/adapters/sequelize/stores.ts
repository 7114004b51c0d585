/** Everything that a database stores, as the rest of the product is given it. */
import type { Conversations, ThreadReads } from '#application/conversations/ports.ts';
import type { MembershipReads } from '#application/games/ports.ts';
import type { PasswordHashes, RoleReads, UserReads } from '#application/identity/ports.ts';
import { PreparedMembershipReads } from './games/membership-reads.ts';
import { PreparedPasswordHashReads, PreparedRoleReads, PreparedUserReads } from './identity/identity-reads.ts';
import type { Queries } from './shared/queries.ts';
import type { SequelizeRepos, SequelizeUnitOfWork } from './unit-of-work.ts';

export type SequelizeStores = Readonly<{
  unitOfWork: SequelizeUnitOfWork;
  reads: SequelizeRepos;
  users: UserReads;
  roles: RoleReads;
  passwordHashes: Pick<PasswordHashes, 'find'>;
  memberships: MembershipReads;
  threads: ThreadReads;
  conversations: Conversations;
}>;

/** The stores of a database; those that the databases answer each in their own way are given. */
export function storesOn(
  queries: Queries,
  own: Pick<SequelizeStores, 'unitOfWork' | 'threads' | 'conversations'>,
): SequelizeStores {
  return {
    ...own,
    reads: own.unitOfWork.reads,
    users: new PreparedUserReads(queries),
    roles: new PreparedRoleReads(queries),
    passwordHashes: new PreparedPasswordHashReads(queries),
    memberships: new PreparedMembershipReads(queries),
  };
}
