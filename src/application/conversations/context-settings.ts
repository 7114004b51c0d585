/** The settings that every use case on a window needs: the context policy and the token estimator. */
import type { ContextPolicy } from '#domain/conversations/context-policy.ts';
import type { Thread } from '#domain/conversations/thread.ts';
import { type Estimator, type Usage, usageOf } from '#domain/conversations/usage.ts';

export type ContextSettings = Readonly<{ policy: ContextPolicy; estimator: Estimator }>;

/** Returns a thread's usage from the running totals in its row, without reading its window. */
export function threadUsage(thread: Thread, { policy, estimator }: ContextSettings): Usage {
  const { windowSize, windowEntries, lastSeq, revision } = thread;
  return usageOf({ size: windowSize, entryCount: windowEntries, messageCount: lastSeq, revision }, policy, estimator);
}
