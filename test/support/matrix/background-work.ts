/** What a server does behind its answers, brought to its end, so that no later change of a store is one of its own. */
import type { Container } from 'inversify';
import { SealAudit } from '#application/audit/seal-audit.ts';
import { RunningReplies } from '#application/conversations/replies/running-replies.ts';
import { PurgeThreads } from '#application/conversations/threads/purge-threads.ts';
import { RunJobs } from '#application/jobs/run-jobs.ts';
import { tokens } from '#infrastructure/wiring/tokens.ts';
import { until } from '../until.ts';

export async function finishBackgroundWork(container: Container): Promise<void> {
  const never = new AbortController().signal;
  await until(() => container.get(RunningReplies).count === 0, 'no reply is under way');
  await container.get(tokens.tokenUses).flush();
  await container.get(SealAudit).execute();
  await until(async () => {
    await container.get(RunJobs).start(never);
    await container.get(RunJobs).finish();
    const active = await container.get(tokens.reads).jobs.countActive();
    return active.every(({ kind }) => !(kind in container.get(tokens.jobHandlers)));
  }, 'every job that there is a handler for has ended');
  await container.get(PurgeThreads).execute(never);
}
