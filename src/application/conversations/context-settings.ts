/** How contexts are measured and kept within their budget: what every use case on a window is given. */
import type { ContextPolicy } from '#domain/conversations/context-policy.ts';
import type { Thread } from '#domain/conversations/thread.ts';
import { type Estimator, type Usage, usageOf } from '#domain/conversations/usage.ts';

export type ContextSettings = Readonly<{ policy: ContextPolicy; estimator: Estimator }>;

/** The meter of a thread, from the running numbers in its row. */
export function threadUsage(thread: Thread, { policy, estimator }: ContextSettings): Usage {
  const { windowSize, windowEntries, lastSeq, revision } = thread;
  return usageOf({ size: windowSize, entryCount: windowEntries, messageCount: lastSeq, revision }, policy, estimator);
}
