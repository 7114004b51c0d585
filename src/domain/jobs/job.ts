/** Jobs: work that outlives the request that asked for it. Their states, and what leads from one to the next. */
import type { JobId, UserId } from '#domain/shared/ids.ts';

export const JOB_STATUSES = ['queued', 'running', 'done', 'failed', 'canceled'] as const;
export type JobStatus = (typeof JOB_STATUSES)[number];

/** How far a job is, in a unit that its kind chooses. */
type JobProgress = Readonly<{ done: number; total: number | null; note: string | null }>;

/** What a kind of job is told, and what it remembers: a JSON object. */
export type JobData = Readonly<Record<string, unknown>>;

export type Job = Readonly<{
  id: JobId;
  kind: string;
  /** Of the jobs of a kind that are queued or running no two have the same. */
  key: string;
  workspaceId: string | null;
  /** Null where nobody asked for it, or who did is deleted. */
  requestedBy: UserId | null;
  status: JobStatus;
  progress: JobProgress;
  /** How often it was begun since its last finished step. */
  attempts: number;
  /** Why the last attempt failed, in a sentence. */
  error: string | null;
  createdAt: Date;
  startedAt: Date | null;
  finishedAt: Date | null;
  /** What it was asked to do. */
  payload: JobData;
  /** Where its last finished step left off; null before that. */
  checkpoint: JobData | null;
  /** Whether somebody wants it to end: whoever runs it ends it before its next step. */
  cancelRequested: boolean;
  /** When it may be claimed: queued, when it is due; running, when the lease of whoever runs it ends. */
  dueAt: Date;
  /** Grows with each claim; only who has the latest may change the job. */
  token: number;
}>;

/** What is asked for. */
export type NewJob = Pick<Job, 'id' | 'kind' | 'key' | 'requestedBy' | 'payload' | 'createdAt'>;

/**
 * What a finished step leaves: how far the job is, and where to go on, or that nothing is left to be done. `failure` is
 * why the job fails for good, in a sentence, where trying again would end in the same way.
 */
export type FinishedStep = Readonly<{ progress: JobProgress }> &
  (Readonly<{ done: false; checkpoint: JobData }> | Readonly<{ done: true; failure?: string }>);

/** So often a step is begun before its job fails. */
const MAX_ATTEMPTS = 6;
const FIRST_PAUSE_MS = 2_000;
const PAUSE_FACTOR = 4;
const LONGEST_PAUSE_MS = 600_000;

const NO_PROGRESS: JobProgress = { done: 0, total: null, note: null };
const BROKE_OFF = `It was begun ${MAX_ATTEMPTS} times and broke off each time, without saying why.`;

export function queuedJob(asked: NewJob): Job {
  return {
    ...asked,
    workspaceId: null,
    status: 'queued',
    progress: NO_PROGRESS,
    attempts: 0,
    error: null,
    startedAt: null,
    finishedAt: null,
    checkpoint: null,
    cancelRequested: false,
    dueAt: asked.createdAt,
    token: 0,
  };
}

/** Whether it is still to be done. */
export function isActive({ status }: Pick<Job, 'status'>): boolean {
  return status === 'queued' || status === 'running';
}

/** Whether it may be claimed: it is due, or whoever ran it has not renewed their lease. */
export function isDue(job: Pick<Job, 'status' | 'dueAt'>, now: Date): boolean {
  return isActive(job) && job.dueAt <= now;
}

/** A job that is due, in the hands of whoever claims it until `leaseEnd`. */
export function claimed(job: Job, now: Date, leaseEnd: Date): Job {
  return {
    ...job,
    status: 'running',
    attempts: job.attempts + 1,
    startedAt: job.startedAt ?? now,
    dueAt: leaseEnd,
    token: job.token + 1,
  };
}

/** How a claimed job ends before its first step: undefined where it does not. What is essential does not fail. */
export function endedBeforehand(job: Job, now: Date, isEssential: boolean): Job | undefined {
  if (job.cancelRequested) return ended(job, 'canceled', now);
  // Whoever claimed it before was killed, or hung: a job that does this each time must not go on forever.
  if (job.attempts > MAX_ATTEMPTS && !isEssential)
    return { ...ended(job, 'failed', now), attempts: MAX_ATTEMPTS, error: BROKE_OFF };
  return undefined;
}

/** A job after a step: what stood in the way of earlier attempts is overcome. */
export function afterStep(job: Job, step: FinishedStep, now: Date): Job {
  const { progress } = step;
  if (step.done) {
    const { failure = null } = step;
    return { ...ended(job, failure === null ? 'done' : 'failed', now), progress, error: failure };
  }
  return { ...job, progress, checkpoint: step.checkpoint, attempts: 1, error: null };
}

/**
 * A job whose step failed: tried again after a pause, which grows and is never twice the same; at last failed, unless
 * it is essential.
 */
export function afterFailure(
  job: Job,
  reason: string,
  { now, random, isEssential }: Readonly<{ now: Date; random: number; isEssential: boolean }>,
): Job {
  if (job.attempts >= MAX_ATTEMPTS && !isEssential) return { ...ended(job, 'failed', now), error: reason };
  return { ...requeued(job, now, pauseAfter(job.attempts, random)), error: reason };
}

/** A job that could not be gone on with, for no fault of its own: it waits, and no attempt is counted. */
export function postponed(job: Job, now: Date, random: number, leastSeconds = 0): Job {
  const pauseMs = Math.max(pauseAfter(1, random), leastSeconds * 1_000);
  return { ...requeued(job, now, pauseMs), attempts: job.attempts - 1 };
}

/** A job that whoever ran it gives back, for another to go on with at once. */
export function released(job: Job, now: Date): Job {
  return { ...requeued(job, now, 0), attempts: job.attempts - 1 };
}

/** An active job that somebody wants to end: at once, unless somebody is at work on it. */
export function withCancelRequest(job: Job, now: Date): Job {
  return job.status === 'queued' ? ended(job, 'canceled', now) : { ...job, cancelRequested: true };
}

/** A job that failed or was cancelled, queued again: it goes on after its last finished step. */
export function retried(job: Job, now: Date): Job {
  return { ...requeued(job, now, 0), attempts: 0, error: null, cancelRequested: false, finishedAt: null };
}

/** In milliseconds. `random` lies between 0 and 1: what failed together is not tried again together. */
function pauseAfter(attempts: number, random: number): number {
  const pause = Math.min(FIRST_PAUSE_MS * PAUSE_FACTOR ** (attempts - 1), LONGEST_PAUSE_MS);
  return Math.round(pause * (0.5 + random / 2));
}

function requeued(job: Job, now: Date, pauseMs: number): Job {
  return { ...job, status: 'queued', dueAt: new Date(now.getTime() + pauseMs) };
}

function ended(job: Job, status: 'done' | 'failed' | 'canceled', now: Date): Job {
  return { ...job, status, finishedAt: now };
}
