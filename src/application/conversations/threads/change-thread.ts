/** Renames a conversation, puts it into the archive or takes it out, and changes its system prompt. */
import { type AuditEntries, type AuditEntry, type AuditLog, changedFacts } from '#application/shared/audit-log.ts';
import type { EventBus } from '#application/shared/event-bus.ts';
import type { UnitOfWork } from '#application/shared/unit-of-work.ts';
import { changedThreadFacts } from '#domain/conversations/audit-facts.ts';
import { conversationErrors } from '#domain/conversations/errors.ts';
import { requireUnarchived } from '#domain/conversations/policy.ts';
import type { Thread } from '#domain/conversations/thread.ts';
import type { UserActor } from '#domain/shared/actor.ts';
import type { ThreadId } from '#domain/shared/ids.ts';
import type { MembershipReads } from '../../games/ports.ts';
import type { Threads } from '../ports.ts';
import { managedThread, type ThreadRepos } from '../thread-access.ts';
import { type ThreadEvent, tellRevised } from '../thread-events.ts';
import type { PromptChange, PromptRoom } from './prompt-room.ts';

/** How often it is tried again after a concurrent change of the window. */
const MAX_ATTEMPTS = 5;

type Repos = Readonly<{ threads: Pick<Threads, 'find' | 'save'>; memberships: MembershipReads; audit: AuditLog }>;

type Deps = ThreadRepos &
  Readonly<{
    unitOfWork: UnitOfWork<Repos>;
    promptRoom: PromptRoom;
    events: EventBus<ThreadEvent>;
    audit: AuditEntries;
  }>;

/** What is left out stays as it is. */
export type ThreadFields = Readonly<Partial<Pick<Thread, 'title' | 'archived' | 'systemPrompt'>>>;

export class ChangeThread {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /**
   * A prompt that takes the window to its trigger has it compacted first. Throws 403 without `chat.use`, or
   * `thread_not_yours`; 404 `thread_not_found`; 409 `archived` for a prompt of an archived thread, and `over_budget`
   * where the window cannot be compacted enough; 413 `pins_over_budget`; 503 `append_contended`, `compaction_busy`.
   */
  async execute(actor: UserActor, id: ThreadId, fields: ThreadFields): Promise<Thread> {
    const entry = this.#deps.audit.by(actor, { action: 'threads.update', subject: `thread:${id}` });
    for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt += 1) {
      const prompt = await this.#prompt(actor, id, fields);
      if (prompt === 'overtaken') continue;
      const changed = await this.#change(actor, id, { fields, prompt, entry });
      if (changed === undefined) continue;
      if (prompt !== undefined) tellRevised(this.#deps.events, changed);
      return changed;
    }
    throw conversationErrors.appendContended();
  }

  /** Undefined where the prompt stays as it is. */
  async #prompt(
    actor: UserActor,
    id: ThreadId,
    { systemPrompt }: ThreadFields,
  ): Promise<PromptChange | 'overtaken' | undefined> {
    const thread = await managedThread(this.#deps, actor, id);
    if (systemPrompt === undefined || systemPrompt === thread.systemPrompt) return undefined;
    requireUnarchived(thread);
    return this.#deps.promptRoom.make(id, systemPrompt);
  }

  /** Undefined, with nothing changed, where the window is no longer the one that there was room in. */
  #change(
    actor: UserActor,
    id: ThreadId,
    { fields, prompt, entry }: Readonly<{ fields: ThreadFields; prompt: PromptChange | undefined; entry: AuditEntry }>,
  ): Promise<Thread | undefined> {
    return this.#deps.unitOfWork.run(async (repos) => {
      const before = await managedThread(repos, actor, id);
      const { title = before.title, archived = before.archived } = fields;
      if (prompt !== undefined && !isRoomIn(before, prompt)) return undefined;
      const after = { ...before, title, archived, ...(prompt === undefined ? {} : withPrompt(before, prompt)) };
      const compared = changedThreadFacts(before, after);
      const facts = changedFacts(compared.before, compared.after);
      if (facts === null) return before;
      await repos.threads.save(after);
      await repos.audit.add({ ...entry, ...facts });
      return after;
    });
  }
}

function isRoomIn(thread: Thread, { ifVersion, sizeDelta, sizeBelow }: PromptChange): boolean {
  return !thread.archived && thread.version === ifVersion && thread.windowSize + sizeDelta < sizeBelow;
}

function withPrompt({ version, windowSize }: Thread, { systemPrompt, sizeDelta }: PromptChange) {
  return { systemPrompt, version: version + 1, windowSize: windowSize + sizeDelta };
}
