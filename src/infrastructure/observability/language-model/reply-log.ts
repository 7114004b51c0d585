/** What log and metrics have of replies: how each ended, what it cost, and the window before and after it. */
import type { Logger } from 'pino';
import type { ReplyLog } from '#application/conversations/replies/reply-log.ts';
import type { ReplyMetrics } from './reply-metrics.ts';

export function logReplies(logger: Logger, metrics: ReplyMetrics): ReplyLog {
  return {
    ended({ threadId, replyId, askedBy, outcome, ms, beforeTokens, afterTokens, usage, error }) {
      metrics.ended(outcome, ms / 1_000);
      if (usage !== null) metrics.used(usage.promptTokens, usage.completionTokens);
      const line = {
        reply_id: replyId,
        thread_id: threadId,
        actor_id: askedBy,
        outcome,
        ms,
        before_tokens: beforeTokens,
        after_tokens: afterTokens,
        prompt_tokens: usage?.promptTokens ?? null,
        completion_tokens: usage?.completionTokens ?? null,
      };
      if (error !== undefined) logger.error({ ...line, err: error }, 'reply failed');
      else if (outcome === 'completed') logger.info(line, 'reply');
      else logger.warn(line, 'reply failed');
    },
  };
}
