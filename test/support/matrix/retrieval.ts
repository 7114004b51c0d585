/** How to call the routes of retrieval. */
import { tokens } from '#infrastructure/wiring/tokens.ts';
import { aDocument, aPassage } from '../builders/documents.ts';
import { anAccess, aSource } from '../builders/records.ts';
import type { AuthorizationFixture, Person } from './authorization-fixture.ts';
import type { RouteFixture, Things } from './fixture.ts';

/** A passage of a source that nobody may read but whoever has a licence to it. */
async function aSecretPassage(world: AuthorizationFixture, licensed: Person | null): Promise<{ id: string }> {
  const source = aSource({ workspaceId: world.workspaceId });
  const document = aDocument(source.id);
  const passage = aPassage(document);
  await world.container.get(tokens.unitOfWork).run(async ({ sources, documents, passages, sourceAccesses }) => {
    await sources.add(source);
    await documents.add(document);
    await passages.add([passage]);
    if (licensed !== null)
      await sourceAccesses.save(anAccess(source.id, licensed.user.id, { expiresAt: null }), source.workspaceId);
  });
  return { id: passage.id };
}

const passage: Things = {
  licensed: aSecretPassage,
  unlicensed: (world) => aSecretPassage(world, null),
  missing: async () => ({ id: 'psg_missing' }),
};

export const retrievalFixtures: Readonly<Record<string, RouteFixture>> = {
  'GET /sources/search': { query: '?query=prone' },
  'GET /passages/{id}': { things: passage },
  'POST /ask': { body: () => ({ question: 'What is a prone creature?' }) },
};
