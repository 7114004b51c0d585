/** Stores outside of any transaction, for lists and lookups: each statement sees what is committed. */
import { mapReadError } from './failures.ts';

/** The same stores; what their methods fail with is translated, as a unit of work does for those inside it. */
export function withMappedErrors<Repos extends Record<string, object>>(repos: Repos): Repos {
  const stores = Object.entries(repos).map(([name, store]) => [name, storeWithMappedErrors(store)]);
  return Object.fromEntries(stores);
}

function storeWithMappedErrors<Store extends object>(store: Store): Store {
  return new Proxy(store, {
    get(target, name) {
      const member: unknown = Reflect.get(target, name, target);
      if (typeof member !== 'function') return member;
      return async (...values: readonly unknown[]) => {
        try {
          return await member.apply(target, values);
        } catch (error) {
          throw mapReadError(error);
        }
      };
    },
  });
}
