/** A conversation in memory that does with the domain's functions what an append does: trigger, goal, compaction. */
import { type Compacted, compact } from '#domain/conversations/compaction/chain.ts';
import { goalForAppend, isMet } from '#domain/conversations/compaction/compaction-plan.ts';
import { checkReachable, unreachable } from '#domain/conversations/compaction/protection.ts';
import type { ContextPolicy } from '#domain/conversations/context-policy.ts';
import type { MessageDraft } from '#domain/conversations/message.ts';
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

export type Conversation = {
  window: Window;
  lastSeq: number;
  /** Appends a message; throws what an append throws, and then nothing has changed. */
  append(line: Line, pinned?: boolean): Appended;
};

export function conversationWith(
  policy: ContextPolicy,
  estimator: Estimator = charsDiv4,
  systemPrompt: string | null = null,
): Conversation {
  const conversation: Conversation = {
    window: windowOf(systemPrompt, estimator.size(systemPrompt ?? ''), []),
    lastSeq: 0,
    append: (line, pinned = false) => {
      const entry = verbatim(draftOf(line, estimator), conversation.lastSeq + 1, pinned);
      const before = withEntry(conversation.window, entry);
      const compacted = atTrigger(before.size, before.entries.length, policy, estimator)
        ? compactFor(before, policy, estimator)
        : null;
      conversation.window = compacted?.window ?? before;
      conversation.lastSeq++;
      return { before, after: conversation.window, compacted };
    },
  };
  return conversation;
}

function compactFor(window: Window, policy: ContextPolicy, estimator: Estimator): Compacted {
  const goal = goalForAppend(policy, estimator);
  checkReachable(window, goal, policy, estimator);
  const compacted = compact({ window, policy, goal, appending: true }, estimator, () => 0);
  if (!isMet(goal, compacted.window)) throw unreachable(window, goal, policy, estimator, compacted.steps);
  return compacted;
}
