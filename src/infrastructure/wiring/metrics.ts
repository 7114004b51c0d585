/** Binds the metrics, and what is counted between the use cases. */
import { ContainerModule } from 'inversify';
import type { Logger } from 'pino';
import { AuditQueue } from '#application/audit/audit-queue.ts';
import { AskMetrics, logAsks } from '../observability/ask-metrics.ts';
import { EmbedMetrics, logEmbeddings } from '../observability/embed-metrics.ts';
import { ImportMetrics, logImports } from '../observability/import-metrics.ts';
import { JobMetrics, logJobs } from '../observability/job-metrics.ts';
import { logRefinements } from '../observability/language-model/refinement-log.ts';
import { RefinementMetrics } from '../observability/language-model/refinement-metrics.ts';
import { logReplies } from '../observability/language-model/reply-log.ts';
import { ReplyMetrics } from '../observability/language-model/reply-metrics.ts';
import { logFileChecks } from '../observability/library-metrics.ts';
import { LiveMetrics } from '../observability/live-metrics.ts';
import { Instruments } from '../observability/metrics/instruments.ts';
import { MeasuredFailureLog } from '../observability/metrics/measured-limits.ts';
import type { Metrics } from '../observability/metrics/metrics.ts';
import { RequestMetrics } from '../observability/metrics/request-metrics.ts';
import { tokens } from './tokens.ts';

export function metricsModule({ instruments, requests, limits }: Metrics, logger: Logger): ContainerModule {
  return new ContainerModule(({ bind }) => {
    bind(Instruments).toConstantValue(instruments);
    bind(RequestMetrics).toConstantValue(requests);
    bind(tokens.replyLog).toConstantValue(logReplies(logger, new ReplyMetrics(instruments)));
    bind(tokens.refinementLog).toConstantValue(logRefinements(logger, new RefinementMetrics(instruments)));
    bind(tokens.importLog).toConstantValue(logImports(logger, new ImportMetrics(instruments)));
    bind(tokens.askLog).toConstantValue(logAsks(logger, new AskMetrics(instruments)));
    bind(tokens.embedLog).toConstantValue(logEmbeddings(logger, new EmbedMetrics(instruments)));
    const jobs = new JobMetrics(instruments);
    bind(JobMetrics).toConstantValue(jobs);
    bind(tokens.jobLog).toConstantValue(logJobs(logger, jobs));
    bind(tokens.fileCheckLog).toConstantValue(logFileChecks(logger));
    bind(LiveMetrics).toConstantValue(new LiveMetrics(instruments));
    bind(tokens.failureLog)
      .toResolvedValue((queue: AuditQueue) => new MeasuredFailureLog(queue, limits), [AuditQueue])
      .inSingletonScope();
  });
}
