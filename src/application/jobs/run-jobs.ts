/** Runs the jobs that are due, step by step: each step's effect and its checkpoint are one unit of work. */
import { afterFailure, afterStep, endedBeforehand, type Job, postponed, released } from '#domain/jobs/job.ts';
import { DomainError } from '#domain/shared/domain-error.ts';
import type { Clock } from '../shared/clock.ts';
import { NotNow } from '../shared/not-now.ts';
import type { UnitOfWork } from '../shared/unit-of-work.ts';
import type { HeldJobs } from './held-jobs.ts';
import type { JobHandler, JobHandlers, JobLog, JobOutcome, Jobs, StepEffect } from './ports.ts';

type JobRepos = Readonly<{ jobs: Pick<Jobs, 'find' | 'saveHeld'> }>;

type Deps<Repos> = Readonly<{
  unitOfWork: UnitOfWork<Repos>;
  held: HeldJobs;
  handlers: JobHandlers<Repos>;
  log: JobLog;
  clock: Clock;
  /** Between 0 and 1. */
  random: () => number;
}>;

/** How a claim ends. */
type End = Readonly<{ job: Job; outcome: JobOutcome }>;

/** So many jobs run beside each other in a process, so that one that takes long keeps few waiting. */
const MAX_LANES = 4;
const UNEXPECTED = "It failed for a reason that the server's log tells.";

/** Rolls a step back that somebody else is to do. */
class LeaseLost extends Error {}

export class RunJobs<Repos extends JobRepos> {
  readonly #deps: Deps<Repos>;
  readonly #kinds: readonly string[];
  readonly #lanes = new Set<Promise<void>>();
  readonly #failures: unknown[] = [];

  constructor(deps: Deps<Repos>) {
    this.#deps = deps;
    this.#kinds = Object.keys(deps.handlers);
  }

  /**
   * Begins the jobs that are due, as far as there is room beside those that run, and waits for none of them: whatever
   * comes to be due is begun by the next call, however long another job takes. Once `closing` is aborted, jobs end
   * after the step that is under way, and are given back. Throws what the stores failed with, since the last call too.
   */
  async start(closing: AbortSignal): Promise<void> {
    const [failure] = this.#failures.splice(0);
    if (failure !== undefined) throw failure;
    while (this.#lanes.size < MAX_LANES) {
      const job = await this.#claim(closing);
      if (job === undefined) return;
      const lane = this.#runLane(job, closing).catch((error) => void this.#failures.push(error));
      this.#lanes.add(lane);
      void lane.then(() => this.#lanes.delete(lane));
    }
  }

  /** Resolves when nothing runs that was started. */
  async finish(): Promise<void> {
    while (this.#lanes.size > 0) await Promise.all(this.#lanes);
  }

  /** Runs one job after the other until none is due. */
  async #runLane(first: Job, closing: AbortSignal): Promise<void> {
    for (let job: Job | undefined = first; job !== undefined; job = await this.#claim(closing))
      await this.#run(job, closing);
  }

  async #claim(closing: AbortSignal): Promise<Job | undefined> {
    return closing.aborted ? undefined : this.#deps.held.claim(this.#kinds);
  }

  async #run(job: Job, closing: AbortSignal): Promise<void> {
    const { held, log } = this.#deps;
    await held.whileHeld(job, async (useless) => {
      try {
        log.ended(await this.#runSteps(job, closing, AbortSignal.any([closing, useless])));
      } catch (cause) {
        log.ended({ ...(await this.#giveUp(job, cause, closing)), cause });
      }
    });
  }

  async #runSteps(claimed: Job, closing: AbortSignal, signal: AbortSignal): Promise<End> {
    const handler = this.#deps.handlers[claimed.kind] as JobHandler<Repos>;
    let job = claimed;
    while (job.status === 'running') {
      const ended = endedBeforehand(job, this.#deps.clock.now(), handler.isEssential);
      if (ended !== undefined) return this.#settle(job, () => endOf(ended));
      if (closing.aborted)
        return this.#settle(job, (current, now) => ({ job: released(current, now), outcome: 'released' }));
      const after = await this.#commit(job, await handler.step(job, signal));
      if (after === undefined) return { job, outcome: 'lost' };
      job = after;
    }
    return endOf(job);
  }

  /** The job after a step; undefined, and nothing of the step is left, where somebody else holds the job. */
  async #commit(job: Job, effect: StepEffect<Repos>): Promise<Job | undefined> {
    try {
      return await this.#deps.unitOfWork.run(async (repos) => {
        const step = await effect(repos);
        const current = (await repos.jobs.find(job.id)) ?? job;
        const after = { ...afterStep(current, step, this.#deps.clock.now()), token: job.token };
        if (!(await repos.jobs.saveHeld(after))) throw new LeaseLost();
        return after;
      });
    } catch (error) {
      if (error instanceof LeaseLost) return undefined;
      throw error;
    }
  }

  #giveUp(job: Job, cause: unknown, closing: AbortSignal): Promise<End> {
    const random = this.#deps.random();
    const isEssential = this.#deps.handlers[job.kind]?.isEssential === true;
    return this.#settle(job, (current, now) => {
      const ended = current.cancelRequested ? endedBeforehand(current, now, isEssential) : undefined;
      if (ended !== undefined) return endOf(ended);
      if (closing.aborted) return { job: released(current, now), outcome: 'released' };
      if (cause instanceof NotNow)
        return { job: postponed(current, now, random, cause.afterSeconds), outcome: 'postponed' };
      if (cause instanceof DomainError && cause.kind === 'unavailable')
        return { job: postponed(current, now, random), outcome: 'postponed' };
      const reason = cause instanceof DomainError ? cause.message : UNEXPECTED;
      return endOf(afterFailure(current, reason, { now, random, isEssential }));
    });
  }

  /**
   * Ends the claim, unless somebody else holds the job. It goes on from what is stored and not from what is known here:
   * a step whose outcome is unknown may have been committed.
   */
  #settle(job: Job, transition: (current: Job, now: Date) => End): Promise<End> {
    return this.#deps.unitOfWork.run(async (repos): Promise<End> => {
      const current = await repos.jobs.find(job.id);
      if (current === undefined) return { job, outcome: 'lost' };
      const end = transition(current, this.#deps.clock.now());
      const isHeld = await repos.jobs.saveHeld({ ...end.job, token: job.token });
      if (!isHeld) return { job, outcome: 'lost' };
      if (end.outcome === 'failed' || end.outcome === 'canceled')
        await this.#deps.handlers[job.kind]?.follow?.(end.job, repos);
      return end;
    });
  }
}

function endOf(job: Job): End {
  return { job, outcome: job.status === 'queued' || job.status === 'running' ? 'retried' : job.status };
}
