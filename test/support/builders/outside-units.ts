/**
 * Ids that cannot be drawn inside a unit of work: it may run more than once, and what it writes must be the same each
 * time.
 */
import { AsyncLocalStorage } from 'node:async_hooks';
import type { Ids } from '#application/shared/ids.ts';
import type { UnitOfWork } from '#application/shared/unit-of-work.ts';
import { newId } from './records.ts';

export function outsideUnits<Repos>(wrapped: UnitOfWork<Repos>): Readonly<{ unitOfWork: UnitOfWork<Repos>; ids: Ids }> {
  const inside = new AsyncLocalStorage<true>();
  return {
    unitOfWork: { run: (work) => wrapped.run((repos) => inside.run(true, () => work(repos))) },
    ids: {
      next: (kind) => {
        if (inside.getStore()) throw new Error(`The id of a ${kind} is drawn inside a unit of work.`);
        return newId(kind);
      },
    },
  };
}
