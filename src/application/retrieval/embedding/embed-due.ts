/** Asks for passages to be embedded that have no vectors: after another model was named, or a backup was restored. */

import type { Jobs } from '../../jobs/ports.ts';
import type { Clock } from '../../shared/clock.ts';
import type { Ids } from '../../shared/ids.ts';
import { NotNow } from '../../shared/not-now.ts';
import type { UnitOfWork } from '../../shared/unit-of-work.ts';
import { embeddingJob } from './embedding-job.ts';
import type { Embeddings } from './embeddings.ts';
import type { PassageVectors } from './ports.ts';

type Deps = Readonly<{
  unitOfWork: UnitOfWork<{ jobs: Pick<Jobs, 'add'> }>;
  reads: Readonly<{ passageVectors: Pick<PassageVectors, 'findDue'> }>;
  /** Null where no embedder is configured. */
  embeddings: Embeddings | null;
  clock: Clock;
  ids: Ids;
}>;

export class EmbedDue {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /** An embedder that is away is asked again by the next call. */
  async execute(closing: AbortSignal): Promise<void> {
    const { unitOfWork, reads, embeddings, clock, ids } = this.#deps;
    if (embeddings === null) return;
    const dimension = await embeddings.probe(closing).catch((error: unknown) => {
      if (error instanceof NotNow || closing.aborted) return null;
      throw error;
    });
    if (dimension === null) return;
    if ((await reads.passageVectors.findDue({ model: embeddings.model, dimension }, 1)) === undefined) return;
    const asked = { id: ids.next('job'), createdAt: clock.now() };
    await unitOfWork.run(({ jobs }) => jobs.add(embeddingJob(asked)));
  }
}
