/** The job that removes a deleted user as the author of the messages that they left behind, page by page. */
import type { JobHandler, StepEffect } from '#application/jobs/ports.ts';
import type { JobData } from '#domain/jobs/job.ts';
import type { ThreadId, UserId } from '#domain/shared/ids.ts';
import type { MessageAuthors, TranscriptCursor } from '../ports.ts';

type Repos = Readonly<{ messageAuthors: MessageAuthors }>;

/** Its payload names the user; whoever deletes them asks for it. */
export class AnonymizeAuthors implements JobHandler<Repos> {
  /** Who deletes a user was told that their name goes. */
  readonly isEssential = true;

  /** Each page is a step, so that other units of work do not wait long. */
  async step({ payload, checkpoint }: Parameters<JobHandler<Repos>['step']>[0]): Promise<StepEffect<Repos>> {
    const userId = payload.user_id as UserId;
    const pages = Number(checkpoint?.pages ?? 0) + 1;
    const progress = { done: pages, total: null, note: null };
    return async ({ messageAuthors }) => {
      const next = await messageAuthors.anonymizePage(userId, cursorFrom(checkpoint));
      if (next === null) return { done: true, progress };
      return { done: false, progress, checkpoint: { thread_id: next.threadId, seq: next.seq, pages } };
    };
  }
}

function cursorFrom(checkpoint: JobData | null): TranscriptCursor | null {
  return checkpoint === null ? null : { threadId: checkpoint.thread_id as ThreadId, seq: Number(checkpoint.seq) };
}
