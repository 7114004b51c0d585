/** Asks for every document of a source to be read anew; what serves goes on serving meanwhile. */
import type { Job } from '#domain/jobs/job.ts';
import type { UserActor } from '#domain/shared/actor.ts';
import type { SourceId } from '#domain/shared/ids.ts';
import { rebuildingJob } from './library-jobs.ts';
import { type RequeueDeps, requeueSource } from './requeue-source.ts';

export class RebuildSource {
  readonly #deps: RequeueDeps;

  constructor(deps: RequeueDeps) {
    this.#deps = deps;
  }

  /** Returns and throws as `requeueSource` does. */
  execute(actor: UserActor, id: SourceId): Promise<Job> {
    return requeueSource(this.#deps, actor, id, { action: 'sources.rebuild', jobOf: rebuildingJob });
  }
}
