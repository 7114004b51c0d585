/** How jobs look to clients. */
import { z } from 'zod';
import { JOB_STATUSES, type Job } from '#domain/jobs/job.ts';
import type { EventsSchema } from '../declaration/events.ts';
import { time } from '../declaration/output.ts';

export const jobSchema = z
  .strictObject({
    id: z.string(),
    kind: z.string().describe('What it does; there may be more kinds with each version.'),
    workspace_id: z.string().nullable(),
    requested_by: z.string().nullable().describe('Null where nobody asked for it, or who did is deleted.'),
    status: z.enum(JOB_STATUSES),
    progress: z
      .strictObject({
        done: z.int().min(0),
        total: z.int().min(0).nullable().describe('Null where it is not known.'),
        note: z.string().nullable(),
      })
      .describe('In a unit that the kind chooses, such as pages.'),
    attempts: z.int().min(0).describe('How often it was begun since its last finished step.'),
    error: z.string().nullable().describe('Why the last attempt failed.'),
    created_at: time,
    started_at: time.nullable(),
    finished_at: time.nullable(),
  })
  .meta({ id: 'Job' });

export const jobEventsSchema: EventsSchema = { events: { job: jobSchema } };

export function toJobJson(job: Job): z.input<typeof jobSchema> {
  return {
    id: job.id,
    kind: job.kind,
    workspace_id: job.workspaceId,
    requested_by: job.requestedBy,
    status: job.status,
    progress: job.progress,
    attempts: job.attempts,
    error: job.error,
    created_at: job.createdAt.toISOString(),
    started_at: job.startedAt?.toISOString() ?? null,
    finished_at: job.finishedAt?.toISOString() ?? null,
  };
}
