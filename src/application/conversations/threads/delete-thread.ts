/** Deletes a conversation: nobody sees it from then on, and what was said in it goes soon after (`PurgeThreads`). */
import type { AuditEntries, AuditLog } from '#application/shared/audit-log.ts';
import type { Clock } from '#application/shared/clock.ts';
import type { EventBus } from '#application/shared/event-bus.ts';
import type { IdempotencyKeys } from '#application/shared/idempotency.ts';
import type { Leases } from '#application/shared/leases.ts';
import type { UnitOfWork } from '#application/shared/unit-of-work.ts';
import { threadFacts } from '#domain/conversations/audit-facts.ts';
import type { UserActor } from '#domain/shared/actor.ts';
import type { ThreadId } from '#domain/shared/ids.ts';
import type { MembershipReads } from '../../games/ports.ts';
import type { Contexts, Threads } from '../ports.ts';
import { orphanReply } from '../replies/orphan-reply.ts';
import { managedThread } from '../thread-access.ts';
import { type ThreadEvent, tellRevised } from '../thread-events.ts';

type Deps = Readonly<{
  unitOfWork: UnitOfWork<{
    threads: Pick<Threads, 'find' | 'remove'>;
    memberships: MembershipReads;
    idempotency: Pick<IdempotencyKeys, 'removeBySubject'>;
    audit: AuditLog;
  }>;
  contexts: Pick<Contexts, 'remove'>;
  leases: Pick<Leases, 'findHolder'>;
  events: EventBus<ThreadEvent>;
  audit: AuditEntries;
  clock: Clock;
}>;

export class DeleteThread {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /**
   * Whoever listens to the thread is told that it changed, and finds it gone; a reply in it is stopped. Throws 403
   * without `chat.use`, or `thread_not_yours`; 404 `thread_not_found`.
   */
  async execute(actor: UserActor, id: ThreadId): Promise<void> {
    const { unitOfWork, contexts, leases, events, audit, clock } = this.#deps;
    const entry = audit.by(actor, { action: 'threads.delete', subject: `thread:${id}` });
    const deleted = await unitOfWork.run(async (repos) => {
      const thread = await managedThread(repos, actor, id);
      await repos.threads.remove(id, clock.now());
      await repos.idempotency.removeBySubject(id);
      await repos.audit.add({ ...entry, before: threadFacts(thread) });
      return thread;
    });
    tellRevised(events, { ...deleted, version: deleted.version + 1 });
    await contexts.remove(id);
    await orphanReply({ leases, events }, id);
  }
}
