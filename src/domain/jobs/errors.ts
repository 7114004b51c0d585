/** Declares every refusal of the jobs context: kind, code and message. */
import { refusal } from '#domain/shared/domain-error.ts';

export const jobErrors = {
  jobNotFound: refusal('not_found', 'job_not_found', 'There is no such job.'),
  jobEnded: refusal('conflict', 'job_ended', 'This job has ended already.'),
  jobEssential: refusal('conflict', 'job_essential', 'This job has to be done, and cannot be canceled.'),
  jobNotFailed: refusal('conflict', 'job_not_failed', 'Only a job that failed or was canceled can be tried again.'),
  jobActive: refusal('conflict', 'job_active', 'Another job that does the same is queued or running.'),
};
