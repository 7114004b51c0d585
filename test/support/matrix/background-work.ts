/** What a server does behind its answers, brought to its end, so that no later change of a store is one of its own. */
import type { Container } from 'inversify';
import { SealAudit } from '#application/audit/seal-audit.ts';
import { AnonymizeAuthors } from '#application/conversations/messages/anonymize-authors.ts';
import { RunningReplies } from '#application/conversations/replies/running-replies.ts';
import { PurgeThreads } from '#application/conversations/threads/purge-threads.ts';
import { tokens } from '#infrastructure/wiring/tokens.ts';
import { until } from '../until.ts';

export async function finishBackgroundWork(container: Container): Promise<void> {
  const never = new AbortController().signal;
  await until(() => container.get(RunningReplies).count === 0, 'no reply is under way');
  await container.get(tokens.tokenUses).flush();
  await container.get(SealAudit).execute();
  await container.get(AnonymizeAuthors).execute(never);
  await container.get(PurgeThreads).execute(never);
}
