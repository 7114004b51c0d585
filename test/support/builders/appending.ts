/** A conversation that appends with the domain's functions: trigger, goal, compaction, revision, window. */
import { type Compacted, compact } from '#domain/conversations/compaction/chain.ts';
import { goalForAppend, isMet } from '#domain/conversations/compaction/compaction-plan.ts';
import { compactionRevision } from '#domain/conversations/compaction/compaction-revision.ts';
import { checkReachable, unreachable } from '#domain/conversations/compaction/protection.ts';
import {
  type CountedEntry,
  composeWindow,
  verbatimRanges,
  type WindowHead,
} from '#domain/conversations/compose-window.ts';
import type { ContextPolicy } from '#domain/conversations/context-policy.ts';
import type { MessageDraft } from '#domain/conversations/message.ts';
import type { Revision } from '#domain/conversations/revision.ts';
import { restoredBy } from '#domain/conversations/undo.ts';
import { atTrigger, charsDiv4, type Estimator } from '#domain/conversations/usage.ts';
import { countedText, verbatim, type Window, windowOf, withEntry } from '#domain/conversations/window.ts';
import type { MessageId, ThreadId } from '#domain/shared/ids.ts';
import type { Line } from './transcripts.ts';

/** The configuration that everyone starts with. */
export const defaultPolicy: ContextPolicy = {
  maxTokens: 16_000,
  maxEntries: 2_000,
  triggerPct: 80,
  targetPct: 60,
  automatic: true,
  strategies: ['dedupe', 'summarize', 'window', 'drop'],
  keepTail: 4,
  windowTurns: 10,
  artifactMinChars: 1_500,
};

export function policyOf(overrides: Partial<ContextPolicy>): ContextPolicy {
  return { ...defaultPolicy, ...overrides };
}

export function said(content: string, overrides: Partial<Line> = {}): Line {
  return { role: 'user', name: null, content, toolCalls: null, toolCallId: null, ...overrides };
}

export function draftOf(line: Line, estimator: Estimator): MessageDraft {
  return {
    ...line,
    id: 'msg_1' as MessageId,
    threadId: 'thr_1' as ThreadId,
    authorId: null,
    createdAt: new Date(0),
    metadata: {},
    size: estimator.size(countedText(line)),
  };
}

export type Appended = Readonly<{ before: Window; after: Window; compacted: Compacted | null }>;

/** What a store holds of a conversation, and the window that is composed of it. */
export class Conversation {
  readonly #policy: ContextPolicy;
  readonly #estimator: Estimator;
  readonly #systemPrompt: string | null;
  readonly #messages: CountedEntry[] = [];
  readonly #pins = new Set<number>();
  readonly revisions: Revision[] = [];
  window: Window;

  constructor(policy: ContextPolicy, estimator: Estimator, systemPrompt: string | null) {
    this.#policy = policy;
    this.#estimator = estimator;
    this.#systemPrompt = systemPrompt;
    this.window = this.#composed();
  }

  get lastSeq(): number {
    return this.#messages.length;
  }

  /** Appends a message; throws what an append throws, and then nothing has changed. */
  append(line: Line, pinned = false): Appended {
    const entry = verbatim(draftOf(line, this.#estimator), this.lastSeq + 1, pinned);
    const before = withEntry(this.window, entry);
    const compacted = atTrigger(before.size, before.entries.length, this.#policy, this.#estimator)
      ? compactFor(before, this.#policy, this.#estimator)
      : null;
    const revision = compacted && this.#revisionOf(before, compacted);
    this.#messages.push({ entry, estimator: this.#estimator.name });
    if (pinned) this.#pins.add(entry.fromSeq);
    if (revision === null) this.window = before;
    else this.commit(revision);
    return { before, after: this.window, compacted };
  }

  /** Makes a revision the head. */
  commit(revision: Revision): void {
    this.revisions.push(revision);
    this.window = this.#composed();
  }

  /** The window as an undo of the latest compaction would leave it. */
  undone(): Window {
    const head = this.revisions.at(-1)!;
    return this.#composed(restoredBy(head, this.revisions[head.parentId - 1] ?? null));
  }

  #revisionOf(before: Window, compacted: Compacted): Revision {
    const thread = { revision: this.revisions.length, lastSeq: this.lastSeq };
    const entries = compacted.window.entries.slice(0, -1);
    return compactionRevision({ thread, before, compacted, entries, by: null, at: new Date(0) }, this.#estimator);
  }

  #composed(head: WindowHead | undefined = this.revisions.at(-1)): Window {
    const shown = verbatimRanges(head, this.lastSeq).flatMap(({ fromSeq, toSeq }) =>
      this.#messages.slice(fromSeq - 1, toSeq),
    );
    const { entries } = composeWindow(head, shown, this.#pins);
    return windowOf(this.#systemPrompt, this.#estimator.size(this.#systemPrompt ?? ''), entries);
  }
}

export function conversationWith(
  policy: ContextPolicy,
  estimator: Estimator = charsDiv4,
  systemPrompt: string | null = null,
): Conversation {
  return new Conversation(policy, estimator, systemPrompt);
}

function compactFor(window: Window, policy: ContextPolicy, estimator: Estimator): Compacted {
  const goal = goalForAppend(policy, estimator);
  checkReachable(window, goal, policy, estimator);
  const compacted = compact({ window, policy, goal, appending: true }, estimator, () => 0);
  if (!isMet(goal, compacted.window)) throw unreachable(window, goal, policy, estimator, compacted.steps);
  return compacted;
}
