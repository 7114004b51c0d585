/** Imports an exported conversation as a new one: hidden page by page, and seen once it is whole. */
import type { Memberships } from '#application/games/ports.ts';
import type { Users } from '#application/identity/ports.ts';
import type { Clock } from '#application/shared/clock.ts';
import type { Ids } from '#application/shared/ids.ts';
import { storeErrors } from '#application/shared/store-errors.ts';
import type { UnitOfWork } from '#application/shared/unit-of-work.ts';
import { checkPins } from '#domain/conversations/compaction/protection.ts';
import { conversationErrors } from '#domain/conversations/errors.ts';
import {
  authorOf,
  checkWhole,
  headOf,
  type ImportedHead,
  type ImportedLine,
  type ImportedMessage,
  importedThread,
  messageAfter,
} from '#domain/conversations/imported.ts';
import type { MessageDraft } from '#domain/conversations/message.ts';
import { type Thread, titleOf } from '#domain/conversations/thread.ts';
import { countedText, windowOf } from '#domain/conversations/window.ts';
import { requirePermission, type UserActor } from '#domain/shared/actor.ts';
import { DomainError } from '#domain/shared/domain-error.ts';
import type { WorkspaceId } from '#domain/shared/ids.ts';
import type { ContextSettings } from '../context-settings.ts';
import type { TextCounter } from '../ports.ts';
import { requireThreadRoom, type ThreadRoom } from '../threads/thread-room.ts';
import { type ThreadPlace, workspaceOfThread } from '../threads/workspace-of-thread.ts';
import type { ImportLog, ImportOutcome } from './import-log.ts';
import { ImportTurns } from './import-turns.ts';
import { pagesOf } from './pages.ts';
import type { StagedThreads } from './staged-threads.ts';
import type { Grown, StagedWindow } from './staged-window.ts';

/** How long a page may take to arrive. What was staged by a process that died is removed after as long. */
const STAGED_MS = 5 * 60_000;

/** How often a unit of work is tried while the store is away or busy. */
const MAX_ATTEMPTS = 10;

type Repos = Readonly<{
  stagedThreads: StagedThreads;
  memberships: Pick<Memberships, 'getWorkspace'>;
  users: Pick<Users, 'find'>;
}>;

type Deps = ThreadRoom &
  Readonly<{
    unitOfWork: UnitOfWork<Repos>;
    reads: Readonly<{ memberships: Pick<Memberships, 'getWorkspace'> }>;
    window: StagedWindow;
    counter: TextCounter;
    clock: Clock;
    ids: Ids;
    settings: ContextSettings;
    log: ImportLog;
  }>;

type FoundPlace = ThreadPlace & Readonly<{ workspaceId: WorkspaceId }>;

/** What a file holds: its head, the messages that came with it, and pages of others. */
type Pages = Readonly<{
  head: ImportedHead;
  first: readonly ImportedLine[];
  rest: AsyncIterable<readonly ImportedLine[]>;
}>;

export class ImportThread {
  readonly #deps: Deps;
  readonly #turns = new ImportTurns();

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /**
   * Returns the new thread, which the actor owns; in a game, if one is given. The lines are read as they are stored, so
   * that any number of them takes constant memory. Where it throws, nothing of the file is to be seen.
   *
   * Throws 403 without `chat.use`; 404 `game_not_found` if the actor is not a member of the game,
   * `workspace_not_found`; 400 `invalid_import`; 409 `threads_full`, `import_interrupted`; 413 `pins_over_budget`,
   * `context_budget_unreachable`; 503 `imports_busy`, `compaction_busy`; and whatever reading the lines throws.
   */
  async execute(actor: UserActor, place: ThreadPlace, lines: AsyncIterable<ImportedLine>): Promise<Thread> {
    requirePermission(actor, 'chat.use');
    const workspaceId = await workspaceOfThread(this.#deps.reads.memberships, actor, place);
    await requireThreadRoom(this.#deps, actor.userId);
    return this.#turns.run(actor.userId, () => this.#import(actor, { ...place, workspaceId }, lines));
  }

  async #import(actor: UserActor, place: FoundPlace, lines: AsyncIterable<ImportedLine>): Promise<Thread> {
    const pages = pagesOf(lines);
    try {
      const first = (await pages.next()).value ?? [];
      const head = headOf(first[0], this.#deps.clock.now());
      const staged = await this.#stage(actor, place, head);
      return await this.#fill(actor, staged, { head, first: first.slice(1), rest: pages });
    } finally {
      // Whoever sends the lines is told that nobody reads more of them.
      await pages.return(undefined);
    }
  }

  async #fill(actor: UserActor, staged: Grown, { head, first, rest }: Pages): Promise<Thread> {
    const { clock, log } = this.#deps;
    const started = clock.now().getTime();
    let grown = staged;
    const tell = (outcome: ImportOutcome) => {
      const { id: threadId, lastSeq: messages, revision: compactions } = grown.thread;
      log.ended({ threadId, outcome, ms: clock.now().getTime() - started, messages, compactions });
    };
    try {
      grown = await this.#page(actor, grown, first);
      for await (const page of rest) grown = await this.#page(actor, grown, page);
      checkWhole(head, grown.thread.lastSeq);
      await this.#reveal(actor, grown.thread);
    } catch (error) {
      await this.#discard(grown.thread);
      tell(isRefusal(error) ? 'refused' : 'failed');
      throw error;
    }
    tell('imported');
    return grown.thread;
  }

  async #stage(actor: UserActor, { gameId, workspaceId }: FoundPlace, head: ImportedHead): Promise<Grown> {
    const { unitOfWork, counter, ids, clock, settings } = this.#deps;
    const { policy, estimator } = settings;
    const [promptSize] = await counter.sizesOf([head.systemPrompt ?? '']);
    const window = windowOf(head.systemPrompt, promptSize!, []);
    checkPins(window, 'start', policy, estimator);
    const own = { id: ids.next('thread'), ownerId: actor.userId, workspaceId, gameId, windowSize: window.size };
    const thread = importedThread(head, { ...own, estimator: estimator.name }, clock.now());
    await unitOfWork.run(({ stagedThreads }) => stagedThreads.add(thread, this.#until()));
    return { thread, window, revision: null };
  }

  async #page(actor: UserActor, { thread, window }: Grown, lines: readonly ImportedLine[]): Promise<Grown> {
    if (lines.length === 0) return { thread, window, revision: null };
    const now = this.#deps.clock.now();
    const given = lines.map((line, i) => messageAfter(thread.lastSeq + i, line, now));
    const messages = await this.#drafts(actor, thread, given);
    const pinned = given.filter((one) => one.pinned).map(({ seq }) => seq);
    const grown = await this.#grow(thread, window, messages, new Set(pinned));
    const page = { thread: named(grown.thread, messages), messages, pinned, revision: grown.revision };
    const isAdded = await this.#store(({ stagedThreads }) => stagedThreads.addPage(page, this.#until()));
    if (!isAdded) throw conversationErrors.importInterrupted();
    return { ...grown, thread: page.thread };
  }

  /**
   * Tried again where the store could not do it and nothing was changed: a long file is not lost for a short outage.
   */
  async #store<T>(work: (repos: Repos) => Promise<T>): Promise<T> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.#deps.unitOfWork.run(work);
      } catch (error) {
        if (attempt === MAX_ATTEMPTS || !isUndone(error)) throw error;
      }
    }
  }

  /** What is refused for the window is refused at the last line that it holds. */
  async #grow(thread: Thread, ...rest: TailOf<StagedWindow['grow']>): Promise<Grown> {
    try {
      return await this.#deps.window.grow(thread, ...rest);
    } catch (error) {
      if (!(error instanceof DomainError) || error.kind !== 'too_large') throw error;
      const line = thread.lastSeq + rest[1].length + 1;
      const message = `As far as line ${line}: ${error.message} Nothing was imported.`;
      throw new DomainError(error.kind, error.code, message, { ...error.details, line });
    }
  }

  async #drafts(actor: UserActor, { id }: Thread, given: readonly ImportedMessage[]): Promise<readonly MessageDraft[]> {
    const { counter, ids, clock } = this.#deps;
    const sizes = await counter.sizesOf(given.map(countedText));
    return given.map((message, i) => {
      const { role, name, content, toolCalls, toolCallId, metadata, createdAt } = message;
      const said = { role, name, content, toolCalls, toolCallId, metadata, createdAt: createdAt ?? clock.now() };
      return {
        ...said,
        id: ids.next('message'),
        threadId: id,
        authorId: authorOf(message, actor.userId),
        size: sizes[i]!,
      };
    });
  }

  /** Whoever has left the game since, or is a user no longer, gets nothing into it. */
  async #reveal(actor: UserActor, thread: Thread): Promise<void> {
    const { userId } = actor;
    const isRevealed = await this.#store(async ({ stagedThreads, memberships, users }) => {
      await workspaceOfThread(memberships, actor, thread);
      if ((await users.find(userId))?.status !== 'active') return false;
      return stagedThreads.reveal(thread);
    });
    if (!isRevealed) throw conversationErrors.importInterrupted();
  }

  /** Where the store is away, the thread is removed once its time is over. */
  async #discard({ id }: Thread): Promise<void> {
    const { unitOfWork, clock } = this.#deps;
    await unitOfWork.run(({ stagedThreads }) => stagedThreads.discard(id, clock.now())).catch(() => {});
  }

  #until(): Date {
    return new Date(this.#deps.clock.now().getTime() + STAGED_MS);
  }
}

type TailOf<Method extends (...given: never[]) => unknown> =
  Parameters<Method> extends [unknown, ...infer Tail] ? Tail : never;

/** As an append would: the last message is the last activity, and the first of a user names what has no title. */
function named(thread: Thread, messages: readonly MessageDraft[]): Thread {
  const title = thread.title ?? messages.map(titleOf).find((one) => one !== null) ?? null;
  return { ...thread, title, lastMessageAt: messages.at(-1)?.createdAt ?? thread.lastMessageAt };
}

function isRefusal(error: unknown): boolean {
  return error instanceof DomainError && error.kind !== 'unavailable';
}

/** Whether nothing was changed, and it may be tried again. */
function isUndone(error: unknown): boolean {
  return error instanceof DomainError && error.code === storeErrors.storeUnavailable.code;
}
