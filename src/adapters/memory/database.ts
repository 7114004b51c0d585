/** The record stores in memory: a whole database without a file, gone with the process. */
import type { Conversations, ThreadReads } from '#application/conversations/ports.ts';
import type { TranscriptSearch } from '#application/conversations/search/transcript-search.ts';
import type { MembershipReads } from '#application/games/ports.ts';
import type { PasswordHashes, RoleReads, UserReads } from '#application/identity/ports.ts';
import type { JobQueue } from '#application/jobs/ports.ts';
import type { Reads } from '#application/repos.ts';
import type { PassageFinder } from '#application/retrieval/finding/passage-finder.ts';
import { KeyedMutex } from '#application/shared/turns/keyed-mutex.ts';
import type { WorkspaceMemberReads } from '#application/workspaces/ports.ts';
import { MemoryConversations } from './conversations/conversations.ts';
import { MemoryTranscriptSearch } from './conversations/transcript-search.ts';
import { MemoryJobQueue } from './jobs/job-queue.ts';
import { MemoryPassageFinder } from './library/passage-finder.ts';
import { Changes, MemoryTables } from './shared/tables.ts';
import type { Turn } from './shared/turn.ts';
import { MemoryUnitOfWork, repositories } from './unit-of-work.ts';

export class MemoryDatabase {
  readonly unitOfWork: MemoryUnitOfWork;
  /** The stores outside of units of work. */
  readonly reads: Reads;
  readonly users: UserReads;
  readonly roles: RoleReads;
  readonly passwordHashes: Pick<PasswordHashes, 'find'>;
  readonly workspaceMembers: WorkspaceMemberReads;
  readonly memberships: MembershipReads;
  readonly threads: ThreadReads;
  readonly conversations: Conversations;
  readonly jobQueue: JobQueue;
  readonly search: TranscriptSearch;
  readonly finder: PassageFinder;

  constructor() {
    const tables = new MemoryTables();
    const turns = new KeyedMutex();
    const turn: Turn = (work) => turns.run('', work);
    this.unitOfWork = new MemoryUnitOfWork({ tables, turn });
    this.conversations = new MemoryConversations({ tables, turn });
    this.jobQueue = new MemoryJobQueue({ tables, turn });
    this.search = new MemoryTranscriptSearch({ tables });
    this.finder = new MemoryPassageFinder({ tables });
    const committed = repositories(tables, new Changes());
    this.reads = committed;
    this.users = committed.users;
    this.roles = committed.roles;
    this.passwordHashes = committed.passwordHashes;
    this.workspaceMembers = committed.workspaceMembers;
    this.memberships = committed.memberships;
    this.threads = committed.threads;
  }
}
