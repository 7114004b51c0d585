/** What it takes to call a route: things that its path can name, and a body that it takes. */
import type { AuthorizationFixture, Person } from './authorization-fixture.ts';

export type Params = Readonly<Record<string, string>>;
/** Makes a thing as it stands to the caller, and names it in the path. */
export type Make = (world: AuthorizationFixture, caller: Person) => Promise<Params>;

/** `missing` is always among them: what is not there is what another's is compared with. */
export type Things = Readonly<{ missing: Make }> & Readonly<Record<string, Make>>;

export type RouteFixture = Readonly<{
  /** By how the thing stands to the caller; none where the path names nothing. */
  things?: Things;
  /** A body that the route takes from whoever may call it. */
  body?: (caller: Person, params: Params, world: AuthorizationFixture) => unknown;
  query?: string;
}>;

export const NOTHING: RouteFixture = {};

/** Things of an owner: the caller's own, a stranger's, and one that there is not. */
export function owned(make: (world: AuthorizationFixture, owner: Person) => Promise<Params>, missing: Params): Things {
  return {
    own: make,
    other: async (world: AuthorizationFixture) => make(world, await world.person('player')),
    missing: async () => missing,
  };
}
