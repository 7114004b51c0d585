/** Stores whose calls are noticed on their way, so that no use case has to tell of them, and none can forget to. */

/** What a call of each method of a store leads to; null where that is nothing. */
type StoreTable<Store, Effect> = {
  readonly [Method in keyof Store]: Store[Method] extends (...values: infer Values) => unknown
    ? ((...values: Values) => Effect) | null
    : never;
};

/** The same for several stores. A method that is left out does not compile: somebody has to decide. */
export type CallTable<Watched, Effect> = { readonly [Name in keyof Watched]: StoreTable<Watched[Name], Effect> };

/** The same stores; `noted` is told, before each call, what it leads to. */
export function watchedStores<Repos extends Watched, Watched extends Readonly<Record<string, object>>, Effect>(
  repos: Repos,
  table: CallTable<Watched, Effect>,
  noted: (effect: Effect) => void,
): Repos {
  const names = Object.keys(table) as (keyof Watched)[];
  const watched = names.map((name) => [name, watchedStore(repos[name], table[name], noted)]);
  return { ...repos, ...Object.fromEntries(watched) };
}

function watchedStore<Store extends object, Effect>(
  store: Store,
  table: StoreTable<Store, Effect>,
  noted: (effect: Effect) => void,
): Store {
  return new Proxy(store, {
    get(target, name) {
      const member: unknown = Reflect.get(target, name, target);
      if (typeof member !== 'function') return member;
      const effectOf = table[name as keyof Store] as ((...values: readonly unknown[]) => Effect) | null | undefined;
      return (...values: readonly unknown[]) => {
        if (effectOf) noted(effectOf(...values));
        return member.apply(target, values);
      };
    },
  });
}
