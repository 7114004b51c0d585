/** What log and metrics have of refinements: how each ended, and the window's tokens before and after. */
import type { Logger } from 'pino';
import type { RefinementLog } from '#application/conversations/refinement/refinement-log.ts';
import type { RefinementMetrics } from './refinement-metrics.ts';

export function logRefinements(logger: Logger, metrics: RefinementMetrics): RefinementLog {
  return {
    ended({ threadId, outcome, ms, beforeTokens, afterTokens }) {
      metrics.ended(outcome, ms / 1_000);
      const line = { thread_id: threadId, outcome, ms, before_tokens: beforeTokens, after_tokens: afterTokens };
      logger.info(line, 'refinement');
    },
  };
}
