/** How to call the routes of the library. */
import type { Document } from '#domain/library/document.ts';
import type { SourceId } from '#domain/shared/ids.ts';
import { tokens } from '#infrastructure/wiring/tokens.ts';
import { aDocument } from '../builders/documents.ts';
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

/** A source that only those may read who have a licence: here, one user. */
async function licensedSource(world: AuthorizationFixture, userId: string): Promise<{ id: string }> {
  return { id: (await aLicence(world, userId)).id };
}

const licensed: Things = {
  own: (world, caller) => licensedSource(world, caller.user.id),
  other: async (world) => licensedSource(world, (await world.person('player')).user.id),
  missing: async () => ({ id: 'src_missing' }),
};

async function aDocumentOf(
  world: AuthorizationFixture,
  source: { id: string },
  fields: Partial<Document> = {},
): Promise<{ id: string }> {
  const content = (async function* () {
    yield Buffer.from('# Beasts');
  })();
  const { name: fileName, bytes, sha256 } = await world.container.get(tokens.files).write(content, 99);
  const document = aDocument(source.id as SourceId, { fileName, bytes, sha256, kind: 'markdown', ...fields });
  await world.container.get(tokens.unitOfWork).run(({ documents }) => documents.add(document));
  return { id: document.id };
}

/** A document of a source that the caller has a licence to, that only another has; one for GMs alone. */
const documentThings: Things = {
  own: async (world, caller) => aDocumentOf(world, await licensedSource(world, caller.user.id)),
  other: async (world) =>
    aDocumentOf(world, (await licensed.other!(world, await world.person('player'))) as { id: string }),
  for_gms: async (world, caller) => aDocumentOf(world, await licensedSource(world, caller.user.id), { audience: 'gm' }),
  missing: async () => ({ id: 'doc_missing' }),
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
  'GET /sources/{id}/documents': { things: licensed },
  'POST /sources/{id}/documents': {
    things: source,
    body: () => {
      titles += 1;
      return { text: `Beasts of volume ${titles}, which are many and hungry.`, title: `Volume ${titles}` };
    },
  },
  'POST /sources/{id}/rebuild': { things: source },
  'POST /sources/{id}/dedupe': { things: source },
  'GET /documents/{id}': { things: documentThings },
  'PATCH /documents/{id}': { things: documentThings, body: () => ({ title: 'Beasts, revised' }) },
  'DELETE /documents/{id}': { things: documentThings },
  'GET /documents/{id}/file': { things: documentThings },
  'GET /documents/{id}/passages': { things: documentThings },
};
