/** How to call the routes of the library. */

import type { AuthorizationFixture } from './authorization-fixture.ts';
import { NOTHING, type RouteFixture, type Things } from './fixture.ts';

let titles = 0;

async function aSource(world: AuthorizationFixture): Promise<{ id: string }> {
  titles += 1;
  const { client } = await world.person('admin');
  return { id: (await client.post('/sources', { title: `Bestiary ${titles}` })).body.id };
}

/** A source is everybody's: none is anybody's own. */
const source: Things = { any: aSource, missing: async () => ({ id: 'src_missing' }) };

/** A source, and the licence that a user has to it. */
async function aLicence(world: AuthorizationFixture, userId: string) {
  const { id } = await aSource(world);
  const { client } = await world.person('admin');
  await client.send('PUT', `/sources/${id}/access/${userId}`, '{"type":"alacarte"}', {
    'Content-Type': 'application/json',
  });
  return { id, user_id: userId };
}

const licence: Things = {
  own: (world, caller) => aLicence(world, caller.user.id),
  other: async (world) => aLicence(world, (await world.person('player')).user.id),
  missing: async () => ({ id: 'src_missing', user_id: 'usr_missing' }),
};

export const libraryFixtures: Readonly<Record<string, RouteFixture>> = {
  'GET /sources': NOTHING,
  'POST /sources': {
    body: () => {
      titles += 1;
      return { title: `Atlas ${titles}` };
    },
  },
  'GET /sources/{id}': { things: source },
  'PATCH /sources/{id}': { things: source, body: () => ({ publisher: 'Guild of Scribes' }) },
  'DELETE /sources/{id}': { things: source },
  'GET /sources/{id}/access': { things: source },
  'PUT /sources/{id}/access/{user_id}': { things: licence, body: () => ({ type: 'included' }) },
  'DELETE /sources/{id}/access/{user_id}': { things: licence },
  'GET /me/sources': NOTHING,
};
