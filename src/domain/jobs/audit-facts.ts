/** What the audit log records of jobs. */
import type { Job } from './job.ts';

export function jobFacts({ kind, status, cancelRequested }: Job) {
  return { kind, status, cancel_requested: cancelRequested };
}
