/** The ports of the jobs context: the records that people see, their delivery, what is done, and who is told. */
import type { FinishedStep, Job, JobData, JobStatus, NewJob } from '#domain/jobs/job.ts';
import type { JobId, UserId } from '#domain/shared/ids.ts';
import type { Page, PageRequest } from '../shared/page.ts';

/** The keyset of the last job of a page: when it was asked for, and its id. */
export type JobCursor = Readonly<{ at: Date; id: JobId }>;

/** How many jobs of a kind wait or run, and when the oldest of them was asked for. */
export type JobCount = Readonly<{ kind: string; status: JobStatus; count: number; oldest: Date }>;

/** Jobs. Only a unit of work may call the methods that change something. */
export interface Jobs {
  find(id: JobId): Promise<Job | undefined>;
  /** The active job of a kind with a key; undefined where there is none. */
  findActive(kind: string, key: string): Promise<Job | undefined>;
  /** Returns the jobs that a user asked for, or all of them, newest first. */
  list(page: Readonly<{ requestedBy: UserId | null }> & PageRequest<JobCursor>): Promise<Page<Job, JobCursor>>;
  /** Counts what is queued and running, by kind. */
  countActive(): Promise<readonly JobCount[]>;
  /** Queues a job with the unit of work, and answers it; or the one with its kind and key that is still to be done. */
  add(job: NewJob): Promise<Job>;
  /** Updates what may change of an existing job, for somebody who does not run it. */
  save(job: Job): Promise<void>;
  /**
   * Updates what whoever runs it may change of a running job. Returns false, with nothing changed, unless the job still
   * has their token: by one conditional write.
   */
  saveHeld(job: Job): Promise<boolean>;
  /** Removes at most `limit` of the jobs that had ended by a time, and returns how many. */
  prune(endedBy: Date, limit: number): Promise<number>;
}

/**
 * Who runs which job. Each method is committed by itself, and holds for several processes on one database.
 */
export interface JobQueue {
  /** Claims the job of these kinds that has been due for longest; undefined where none is. No two get the same. */
  claim(kinds: readonly string[], now: Date, leaseEnd: Date): Promise<Job | undefined>;
  /**
   * Prolongs the lease of whoever holds the job's token, and tells whether somebody wants the job to end; undefined
   * where it is no longer theirs.
   */
  renew(job: Pick<Job, 'id' | 'token'>, leaseEnd: Date): Promise<Pick<Job, 'cancelRequested'> | undefined>;
}

/** Writes the effect of a step in the unit of work that ends it; runs again after a conflict. */
export type StepEffect<Repos> = (repos: Repos) => Promise<FinishedStep>;

/** What a kind of job does, step by step. */
export interface JobHandler<in Repos> {
  /** Whether it has to be done, whatever comes: it is tried until it succeeds, and cannot be canceled. */
  readonly isEssential: boolean;
  /**
   * Prepares the step after the checkpoint, which may take its time, and answers its effect. That is committed with the
   * next checkpoint, once, and only while the job is still held. A throw is a failed attempt, whose message is shown
   * where it is a refusal; one of the kind `unavailable`, and `NotNow`, does not count. `signal` is aborted once what
   * is prepared is of no use any more.
   */
  step(
    job: Readonly<{ payload: JobData; checkpoint: JobData | null }>,
    signal: AbortSignal,
  ): Promise<StepEffect<Repos>>;
  /**
   * Writes what it means for whatever the job works on that the job has failed, was canceled, or is queued again by
   * hand, in the unit of work that makes it so. What its own last step has ended is not told.
   */
  follow?(job: Job, repos: Repos): Promise<void>;
}

/** By kind. */
export type JobHandlers<Repos> = Readonly<Record<string, JobHandler<Repos>>>;

/**
 * How a claim ended. `retried`: it failed, and is queued again. `postponed`: the store, or
 * something else that it needs, was away. `released`: the
 * process closes. `lost`: somebody else holds the job.
 */
export const JOB_OUTCOMES = ['done', 'failed', 'canceled', 'retried', 'postponed', 'released', 'lost'] as const;
export type JobOutcome = (typeof JOB_OUTCOMES)[number];

/** What the operator is told of jobs. */
export interface JobLog {
  /** `cause`: what was thrown, for the log alone. */
  ended(ended: Readonly<{ job: Job; outcome: JobOutcome; cause?: unknown }>): void;
}
