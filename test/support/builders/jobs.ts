/** Jobs for tests to vary, and a worker of them with a clock that the test moves. */
import { randomUUID } from 'node:crypto';
import { HeldJobs } from '#application/jobs/held-jobs.ts';
import type { JobHandler, JobHandlers, JobLog } from '#application/jobs/ports.ts';
import { RunJobs } from '#application/jobs/run-jobs.ts';
import type { RecordStores, Repos } from '#application/repos.ts';
import type { FinishedStep, Job, JobData, NewJob } from '#domain/jobs/job.ts';
import type { AuditEntryId, JobId } from '#domain/shared/ids.ts';
import { anAuditEntry, at, newId } from './records.ts';

export function aNewJob(fields: Partial<NewJob> = {}): NewJob {
  const id = newId('job');
  return {
    id,
    kind: 'count',
    key: id,
    requestedBy: null,
    payload: { n: 1, text: 'Élise 🐉' },
    createdAt: at(0),
    ...fields,
  };
}

export async function addJobs(stores: Pick<RecordStores, 'unitOfWork'>, ...asked: readonly NewJob[]): Promise<void> {
  await stores.unitOfWork.run(async ({ jobs }) => {
    for (const job of asked) await jobs.add(job);
  });
}

export async function jobOf(stores: Pick<RecordStores, 'reads'>, id: JobId): Promise<Job> {
  const job = await stores.reads.jobs.find(id);
  if (job === undefined) throw new Error(`There is no job ${id}.`);
  return job;
}

/** A step that counts on from the checkpoint, of so many. */
export function nextCount(checkpoint: JobData | null, of: number): FinishedStep {
  const done = Number(checkpoint?.done ?? 0) + 1;
  const progress = { done, total: of, note: null };
  return done < of ? { done: false, progress, checkpoint: { done } } : { done: true, progress };
}

/** The effect of a step that can be counted: an entry of the audit, with an id that no other process gives. */
export async function leaveTrace({ audit }: Pick<Repos, 'audit'>, subject: string): Promise<void> {
  await audit.add(anAuditEntry({ id: `aud_${randomUUID()}` as AuditEntryId, subject }));
}

/** How many steps a job of `counting` has. */
export const STEPS = 3;

/** Leaves a trace with each step; `before` is done first, outside of the unit of work. */
export function counting(before: (key: string, done: number) => unknown = () => {}): JobHandler<Repos> {
  return {
    isEssential: false,
    async step({ payload, checkpoint }) {
      const key = String(payload.key);
      await before(key, Number(checkpoint?.done ?? 0));
      return async (repos) => {
        const step = nextCount(checkpoint, STEPS);
        await leaveTrace(repos, `${key}/${step.progress.done}`);
        return step;
      };
    },
  };
}

/** How often each trace is there. */
export async function tracesIn(stores: Pick<RecordStores, 'unitOfWork'>): Promise<ReadonlyMap<string, number>> {
  const traces = new Map<string, number>();
  for (const { subject } of await stores.unitOfWork.run(({ audit }) => audit.listUnsealed(100_000)))
    traces.set(String(subject), (traces.get(String(subject)) ?? 0) + 1);
  return traces;
}

export type Ended = Parameters<JobLog['ended']>[0];

/** Runs jobs at a time that the test sets, by handlers that it gives. */
export class Worker {
  now: Date = at(0);
  readonly ended: Ended[] = [];
  readonly handlers: JobHandlers<Repos>;
  readonly held: HeldJobs;
  readonly #jobs: RunJobs<Repos>;

  constructor({ unitOfWork, jobQueue }: RecordStores, handlers: JobHandlers<Repos>) {
    const clock = { now: () => this.now };
    this.handlers = handlers;
    this.held = new HeldJobs({ queue: jobQueue, clock });
    const log: JobLog = { ended: (ended) => void this.ended.push(ended) };
    this.#jobs = new RunJobs({ unitOfWork, held: this.held, handlers, log, clock, random: () => 1 });
  }

  start(closing: AbortSignal = new AbortController().signal): Promise<void> {
    return this.#jobs.start(closing);
  }

  finish(): Promise<void> {
    return this.#jobs.finish();
  }

  /** Runs until no job is due. */
  async run(closing?: AbortSignal): Promise<void> {
    await this.start(closing);
    await this.finish();
  }

  /** How the claims ended, in order. */
  get outcomes(): readonly string[] {
    return this.ended.map(({ outcome }) => outcome);
  }
}
