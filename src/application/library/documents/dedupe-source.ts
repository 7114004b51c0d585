/** Asks for equal passages of a source to be kept once, in the first document that has them. */
import type { Job } from '#domain/jobs/job.ts';
import type { UserActor } from '#domain/shared/actor.ts';
import type { SourceId } from '#domain/shared/ids.ts';
import { dedupingJob } from './library-jobs.ts';
import { type RequeueDeps, requeueSource } from './requeue-source.ts';

export class DedupeSource {
  readonly #deps: RequeueDeps;

  constructor(deps: RequeueDeps) {
    this.#deps = deps;
  }

  /** Returns and throws as `requeueSource` does. */
  execute(actor: UserActor, id: SourceId): Promise<Job> {
    return requeueSource(this.#deps, actor, id, { action: 'sources.dedupe', jobOf: dedupingJob });
  }
}
