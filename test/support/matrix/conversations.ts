/** How to call the routes of conversations. */

import type { AuthorizationFixture, Person } from './authorization-fixture.ts';
import { NOTHING, owned, type RouteFixture, type Things } from './fixture.ts';
import { aGame } from './games.ts';

async function aThread(_: AuthorizationFixture, owner: Person, gameId?: string): Promise<{ thread: string }> {
  const game = gameId === undefined ? {} : { game_id: gameId };
  const { body } = await owner.client.post('/chat', { title: 'A thread', ...game });
  for (const content of ['One.', 'Two.']) await owner.client.post(`/chat/${body.id}`, { content });
  return { thread: body.id };
}

/** A thread of a game in which the caller has a role; a GM's whom they do not know. */
async function aGameThread(
  world: AuthorizationFixture,
  caller: Person,
  role: 'gm' | 'player',
): Promise<{ thread: string }> {
  const { id, gm } = await aGame(world, caller, role);
  return aThread(world, gm, id);
}

const thread: Things = {
  ...owned((world, owner) => aThread(world, owner), { thread: 'thr_missing' }),
  joined: (world, caller) => aGameThread(world, caller, 'player'),
  led: (world, caller) => aGameThread(world, caller, 'gm'),
};

const message: Things = Object.fromEntries(
  Object.entries(thread).map(([name, make]) => [
    name,
    async (world: AuthorizationFixture, caller: Person) => ({ ...(await make(world, caller)), seq: '1' }),
  ]),
) as unknown as Things;

export const conversationFixtures: Readonly<Record<string, RouteFixture>> = {
  'GET /chat': NOTHING,
  'POST /chat': { body: () => ({}) },
  'GET /chat/{thread}': { things: thread },
  'POST /chat/{thread}': { things: thread, body: () => ({ content: 'Hello.' }) },
  'GET /chat/{thread}/messages': { things: thread },
  'GET /chat/{thread}/messages/{seq}': { things: message },
  'GET /chat/{thread}/context-usage': { things: thread },
  'GET /chat/{thread}/events': { things: thread },
  'POST /chat/{thread}/compact-now': { things: thread, body: () => ({}) },
};
