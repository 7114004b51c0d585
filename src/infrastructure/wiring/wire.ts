/** Binds plain classes and routes to the container, with dependencies by name that the compiler checks. */
import type { Bind, ServiceIdentifier } from 'inversify';
import type { Route } from '#adapters/http/declaration/route.ts';
import { tokens } from './tokens.ts';

/** A token for each dependency. A wrong, missing or superfluous one does not compile. */
export type Wiring<Deps> = Readonly<{ [Name in keyof Deps]: ServiceIdentifier<Deps[Name]> }>;

/** Binds `type` as a lazy singleton and resolves each dependency from its token. */
export function wire<T, Deps>(bind: Bind, type: new (deps: Deps) => T, wiring: Wiring<Deps>): void {
  const names = Object.keys(wiring);
  bind<T>(type)
    .toResolvedValue((...values: unknown[]) => new type(named(names, values) as Deps), identifiers(wiring))
    .inSingletonScope();
}

/**
 * Binds the routes that `declare` creates from their use cases and, if they need any, their settings. They are created
 * when the routes are first resolved.
 */
export function routes<UseCases>(
  bind: Bind,
  declare: (useCases: UseCases) => readonly Route[],
  useCases: Wiring<UseCases>,
): void;
export function routes<UseCases, Settings>(
  bind: Bind,
  declare: (useCases: UseCases, settings: Settings) => readonly Route[],
  useCases: Wiring<UseCases>,
  settings: ServiceIdentifier<Settings>,
): void;
export function routes<UseCases, Settings>(
  bind: Bind,
  declare: (useCases: UseCases, settings?: Settings) => readonly Route[],
  useCases: Wiring<UseCases>,
  settings?: ServiceIdentifier<Settings>,
): void {
  // Values are resolved in the order of the tokens: first the use cases by name, then the settings.
  const names = Object.keys(useCases);
  const needed = [...identifiers(useCases), ...(settings === undefined ? [] : [settings])];
  bind(tokens.routes)
    .toResolvedValue(
      (...values: unknown[]) => declare(named(names, values) as UseCases, values[names.length] as Settings),
      needed,
    )
    .inSingletonScope();
}

function named(names: readonly string[], values: readonly unknown[]): unknown {
  return Object.fromEntries(names.map((name, i) => [name, values[i]]));
}

function identifiers<Deps>(wiring: Wiring<Deps>): ServiceIdentifier<unknown>[] {
  return Object.values(wiring) as ServiceIdentifier<unknown>[];
}
