/** Binds a plain class to the container: its dependencies by name, checked by the compiler. */
import type { Bind, ServiceIdentifier } from 'inversify';

/** A token for each dependency of a class; a wrong, missing or superfluous one does not compile. */
export type Wiring<Deps> = Readonly<{ [Name in keyof Deps]: ServiceIdentifier<Deps[Name]> }>;

/** Binds `type` as a singleton that is made, when it is first asked for, of what the tokens stand for. */
export function wire<T, Deps>(bind: Bind, type: new (deps: Deps) => T, wiring: Wiring<Deps>): void {
  const names = Object.keys(wiring);
  const make = (...values: unknown[]) =>
    new type(Object.fromEntries(names.map((name, i) => [name, values[i]])) as Deps);
  bind<T>(type)
    .toResolvedValue(make, Object.values(wiring) as ServiceIdentifier<unknown>[])
    .inSingletonScope();
}
