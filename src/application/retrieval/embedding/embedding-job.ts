/** The job that embeds what has no vectors, as it is asked for: there is one of it at a time. */
import type { NewJob } from '#domain/jobs/job.ts';
import type { JobId } from '#domain/shared/ids.ts';

export const EMBED_PASSAGES = 'embed_passages';

export function embeddingJob(asked: Readonly<{ id: JobId; createdAt: Date }>): NewJob {
  return { ...asked, requestedBy: null, kind: EMBED_PASSAGES, key: EMBED_PASSAGES, payload: {} };
}
