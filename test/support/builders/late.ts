/** Units of work on stores that take a moment, one call after the other: a call that nobody awaits is found out. */
import { setImmediate } from 'node:timers/promises';
import type { UnitOfWork } from '#application/shared/unit-of-work.ts';

/** The calls of one unit of work. */
class Calls {
  #pending = '';

  /** Throws if an earlier call is still under way. */
  checkAwaited(): void {
    if (this.#pending !== '') throw new Error(`The call of ${this.#pending} was not awaited.`);
  }

  /** The store with each of its calls made a turn of the event loop later. */
  later<Store extends object>(name: string, store: Store): Store {
    return new Proxy(store, {
      get: (target, key) => {
        const value: unknown = Reflect.get(target, key, target);
        if (typeof value !== 'function') return value;
        return (...given: readonly unknown[]) =>
          this.#run(`${name}.${String(key)}`, () => Reflect.apply(value, target, given));
      },
    });
  }

  async #run<Result>(name: string, call: () => Promise<Result>): Promise<Result> {
    this.checkAwaited();
    this.#pending = name;
    try {
      await setImmediate();
      return await call();
    } finally {
      this.#pending = '';
    }
  }
}

export function late<Repos extends object>(wrapped: UnitOfWork<Repos>): UnitOfWork<Repos> {
  return {
    run: (work) =>
      wrapped.run(async (repos) => {
        const calls = new Calls();
        const stores = Object.entries(repos).map(([name, store]) => [name, calls.later(name, store)]);
        const result = await work(Object.fromEntries(stores) as Repos);
        calls.checkAwaited();
        return result;
      }),
  };
}
