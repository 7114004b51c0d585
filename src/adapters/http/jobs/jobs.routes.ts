/** Jobs: listing and reading them, ending them, and trying them again. */
import { z } from 'zod';
import type { CancelJob } from '#application/jobs/cancel-job.ts';
import type { FollowJobs, JobFollowing } from '#application/jobs/follow-jobs.ts';
import type { ListJobs } from '#application/jobs/list-jobs.ts';
import type { ReadJob } from '#application/jobs/read-job.ts';
import type { RetryJob } from '#application/jobs/retry-job.ts';
import { jobErrors } from '#domain/jobs/errors.ts';
import { actorErrors } from '#domain/shared/actor.ts';
import { liveErrors } from '#domain/shared/live-errors.ts';
import type { Events } from '../declaration/events.ts';
import { httpErrors } from '../declaration/http-errors.ts';
import { cursor, limit, pathId } from '../declaration/input.ts';
import { pageOf } from '../declaration/output.ts';
import { type Route, route } from '../declaration/route.ts';
import { timeCursor } from '../declaration/time-cursor.ts';
import { jobEventsSchema, jobSchema, toJobJson } from './schemas.ts';

export type JobUseCases = Readonly<{
  listJobs: ListJobs;
  readJob: ReadJob;
  cancelJob: Pick<CancelJob<never>, 'execute'>;
  retryJob: Pick<RetryJob<never>, 'execute'>;
  followJobs: FollowJobs;
}>;

const tag = 'Jobs';
const job = pathId('job', jobErrors.jobNotFound);
const jobCursor = timeCursor(job.schema);

export function jobRoutes(useCases: JobUseCases): Route[] {
  return [listJobs(useCases), followJobs(useCases), readJob(useCases), cancelJob(useCases), retryJob(useCases)];
}

function listJobs({ listJobs }: JobUseCases): Route {
  const all = z.enum(['true', 'false']).default('false').describe('All jobs, for holders of `system.read`.');
  return route({
    method: 'get',
    path: '/jobs',
    tag,
    summary: 'The jobs that I asked for, newest first.',
    access: 'signed_in',
    query: z.strictObject({ limit, cursor, all }),
    returns: { 200: pageOf(jobSchema) },
    errors: [httpErrors.malformedCursor, actorErrors.permissionMissing],
    async handle({ actor, query }) {
      const page = { ...jobCursor.decode(query), all: query.all === 'true' };
      const { items, next } = await listJobs.execute(actor, page);
      return { status: 200, body: { items: items.map(toJobJson), next_cursor: jobCursor.encode(next) } };
    },
  });
}

/** Before `/jobs/{id}`, which its address would meet too. */
function followJobs({ followJobs }: JobUseCases): Route {
  return route({
    method: 'get',
    path: '/jobs/live',
    tag,
    summary: 'The newest 50 jobs that I asked for, and each again whenever it changes, as server-sent events.',
    access: 'signed_in',
    returns: { 200: jobEventsSchema },
    errors: [liveErrors.liveStreamsFull, liveErrors.liveStreamsBusy],
    async handle({ actor, user, credential }) {
      return { status: 200, events: eventsOf(followJobs.execute({ actor, user, credential })) };
    },
  });
}

/** Each tells a whole job, so that none has a place to go on from. */
function eventsOf(following: JobFollowing): Events {
  return {
    start: (receiver) =>
      following.start({
        tell: (job) => receiver.send({ event: 'job', id: null, data: toJobJson(job) }),
        end: (failure) => receiver.end(failure),
      }),
    close: () => following.close(),
  };
}

function readJob({ readJob }: JobUseCases): Route {
  return route({
    method: 'get',
    path: '/jobs/{id}',
    tag,
    summary: 'One job, for whoever asked for it and for holders of `system.read` or `jobs.manage`.',
    access: 'signed_in',
    params: { id: job },
    returns: { 200: jobSchema },
    async handle({ actor, params }) {
      return { status: 200, body: toJobJson(await readJob.execute(actor, params.id)) };
    },
  });
}

function cancelJob({ cancelJob }: JobUseCases): Route {
  return route({
    method: 'post',
    path: '/jobs/{id}/cancel',
    tag,
    summary: 'Cancel a job. One that is running ends before its next step; what it has done stays.',
    access: 'session',
    params: { id: job },
    returns: { 200: jobSchema },
    errors: [jobErrors.jobEnded, jobErrors.jobEssential],
    async handle({ actor, params }) {
      return { status: 200, body: toJobJson(await cancelJob.execute(actor, params.id)) };
    },
  });
}

function retryJob({ retryJob }: JobUseCases): Route {
  return route({
    method: 'post',
    path: '/jobs/{id}/retry',
    tag,
    summary: 'Try a job again that failed or was canceled. It goes on after its last finished step.',
    access: 'session',
    params: { id: job },
    returns: { 200: jobSchema },
    errors: [jobErrors.jobNotFailed, jobErrors.jobActive],
    async handle({ actor, params }) {
      return { status: 200, body: toJobJson(await retryJob.execute(actor, params.id)) };
    },
  });
}
