/** Follows the jobs that somebody asked for: as they are, and then each whenever it changes. */
import type { Job } from '#domain/jobs/job.ts';
import type { Authentication } from '../identity/authentication.ts';
import type { RecheckAuthentication } from '../identity/sessions/recheck-authentication.ts';
import type { LiveSlots } from '../shared/live-slots.ts';
import { isUnavailable } from '../shared/store-errors.ts';
import type { Jobs } from './ports.ts';

/** The newest ones: so many are followed. */
const MAX_FOLLOWED = 50;

type Deps = Readonly<{
  reads: Readonly<{ jobs: Pick<Jobs, 'list'> }>;
  recheck: Pick<RecheckAuthentication, 'execute'>;
  slots: LiveSlots;
}>;

/** Whom a following tells. */
type JobFollower = Readonly<{
  tell(job: Job): void;
  /** Nothing more is told: session or token are over, or `failure` was thrown. */
  end(failure?: unknown): void;
}>;

/** Ends with `close`, which whoever asked for it calls in any case. */
export type JobFollowing = Readonly<{ start(follower: JobFollower): void; close(): void }>;

class Following implements JobFollowing {
  readonly #deps: Deps;
  readonly #authentication: Authentication;
  readonly #closed: (following: Following) => void;
  /** What was told of each job. */
  #told = new Map<Job['id'], string>();
  #follower: JobFollower | null = null;

  constructor(deps: Deps, authentication: Authentication, closed: (following: Following) => void) {
    this.#deps = deps;
    this.#authentication = authentication;
    this.#closed = closed;
  }

  start(follower: JobFollower): void {
    this.#follower = follower;
    void this.look();
  }

  close(): void {
    this.#follower = null;
    this.#closed(this);
  }

  /** Tells what has changed since it was told. Where a store is away, the next look tells it. */
  async look(): Promise<void> {
    try {
      const { reads, recheck } = this.#deps;
      const actor = await recheck.execute(this.#authentication);
      if (actor === null) return this.#end();
      const { items } = await reads.jobs.list({ requestedBy: actor.userId, limit: MAX_FOLLOWED });
      this.#tell(items);
    } catch (error) {
      if (!isUnavailable(error)) this.#end(error);
    }
  }

  /** The oldest first, so that the last one told is the newest. */
  #tell(jobs: readonly Job[]): void {
    const before = this.#told;
    this.#told = new Map(jobs.map((job) => [job.id, shownOf(job)]));
    for (const job of jobs.toReversed()) if (before.get(job.id) !== this.#told.get(job.id)) this.#follower?.tell(job);
  }

  #end(failure?: unknown): void {
    const follower = this.#follower;
    this.close();
    follower?.end(failure);
  }
}

export class FollowJobs {
  readonly #deps: Deps;
  readonly #followings = new Set<Following>();

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /**
   * Who asks must start the following, and close it in the end. It tells the newest 50 jobs, and from then on those
   * that have changed, so that whoever comes back misses nothing. Throws 409 `live_streams_full`, 503
   * `live_streams_busy`.
   */
  execute(authentication: Authentication): JobFollowing {
    const release = this.#deps.slots.take(authentication.actor.userId);
    const following = new Following(this.#deps, authentication, (one) => {
      this.#followings.delete(one);
      release();
    });
    this.#followings.add(following);
    return following;
  }

  /**
   * Looks for whatever has changed, for everybody who follows. Jobs change in any process, and are looked for there as
   * often: to look here costs one page of an index for each stream.
   */
  async refresh(): Promise<void> {
    await Promise.all([...this.#followings].map((following) => following.look()));
  }
}

/** What clients see of a job, and its lease is not. */
function shownOf({ dueAt: _, token: _token, checkpoint: _checkpoint, ...shown }: Job): string {
  return JSON.stringify(shown);
}
