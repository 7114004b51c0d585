/** Units of work on stores that take a moment: what is not awaited misses the commit, as it does on a database. */
import { setImmediate } from 'node:timers/promises';
import type { UnitOfWork } from '#application/shared/unit-of-work.ts';

/** The store with each of its calls made a turn of the event loop later. */
function later<Store extends object>(store: Store): Store {
  return new Proxy(store, {
    get: (target, key) => {
      const value: unknown = Reflect.get(target, key, target);
      if (typeof value !== 'function') return value;
      return async (...given: readonly unknown[]) => {
        await setImmediate();
        return Reflect.apply(value, target, given);
      };
    },
  });
}

export function late<Repos extends object>(wrapped: UnitOfWork<Repos>): UnitOfWork<Repos> {
  const delayed = (repos: Repos) =>
    Object.fromEntries(Object.entries(repos).map(([name, store]) => [name, later(store)])) as Repos;
  return { run: (work) => wrapped.run((repos) => work(delayed(repos))) };
}
