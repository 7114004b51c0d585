/** Counts a question against what its workspace may ask in a minute and a day. */
import type { WorkspaceId } from '#domain/shared/ids.ts';
import { ASK } from '#domain/workspaces/quota.ts';
import type { Clock } from '../shared/clock.ts';
import type { UnitOfWork } from '../shared/unit-of-work.ts';
import type { Quotas } from './ports.ts';

type Deps = Readonly<{
  unitOfWork: UnitOfWork<{ quotas: Pick<Quotas, 'take'> }>;
  reads: Readonly<{ quotas: Pick<Quotas, 'list'> }>;
  clock: Clock;
}>;

export class TakeAsk {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /** Throws 429 `quota_exceeded`. Where there is no limit nothing is counted, so that a question costs one read. */
  async execute(workspaceId: WorkspaceId): Promise<void> {
    const { unitOfWork, reads, clock } = this.#deps;
    const usages = await reads.quotas.list(workspaceId);
    const isLimited = usages.some(({ quota, limit }) => limit !== null && quota in ASK);
    if (isLimited) await unitOfWork.run(({ quotas }) => quotas.take(workspaceId, ASK, clock.now()));
  }
}
